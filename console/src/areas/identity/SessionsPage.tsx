// Where an account is signed in, and closing what should not be open.
import { CheckCircleOutlined } from "@ant-design/icons";
import { useQueryClient } from "@tanstack/react-query";
import { App, Button, Form, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { endSession, readSessions, revokeSession, revokeSessions } from "@/api/identity";
import type { Intent } from "@/api/client";
import { useSession } from "@/api/session";
import type { SessionRow } from "@/api/types";
import { useCommand } from "@/api/useCommand";
import { PersonSelect } from "@/kit/PersonSelect";
import { ActionButton } from "@/kit/ActionButton";
import { DateTime } from "@/kit/DateTime";
import { FormShell } from "@/kit/FormShell";
import { PageShell } from "@/kit/PageShell";
import { QueryTable, type Column } from "@/kit/QueryTable";
import { Badge } from "@/kit/StateBadge";

export default function SessionsPage() {
  const { t } = useTranslation();
  const { me, can } = useSession();
  const [search, setSearch] = useSearchParams();
  const person = search.get("person") ?? undefined;
  const other = person === me?.person_id ? undefined : person;
  const columns: Column<SessionRow>[] = [
    { key: "person", title: t("sessions.person"), render: (row) => t("shell.person", { name: row.person.name, no: row.person.employee_no }) },
    { key: "seat", title: t("sessions.seat"), render: (row) => row.seat ?? "—" },
    { key: "address", title: t("sessions.address"), render: (row) => <span className="sn-number">{row.address}</span> },
    { key: "started", title: t("sessions.started"), render: (row) => <DateTime value={row.started_at} /> },
    { key: "seen", title: t("sessions.lastSeen"), render: (row) => <DateTime value={row.last_seen_at} /> },
  ];
  columns.push({
    key: "act",
    title: t("table.acts"),
    titleHidden: true,
    align: "end",
    render: (row) => (other === undefined ? <End row={row} /> : <Revoke person={other} row={row} />),
  });
  return (
    <PageShell
      title={t("sessions.title")}
      note={t(other === undefined ? "sessions.note" : "sessions.note.other")}
      actions={other === undefined ? undefined : <RevokeAll key={other} person={other} />}
    >
      <QueryTable
        label={t("sessions.title")}
        queryKey={["sessions", person]}
        load={async (_cursor, _limit, signal) => ({ items: await readSessions(person, signal), next: null })}
        columns={columns}
        rowKey={(row) => row.session_id}
        empty={{ title: t("sessions.empty") }}
        refreshSeconds={30}
        toolbar={
          can("session.view") && can("organization.view") && (
            <PersonSelect label={t("sessions.personFilter")} value={person} onChange={(chosen) => setSearch(chosen === undefined ? {} : { person: chosen })} />
          )
        }
      />
    </PageShell>
  );
}

/** Ends one of one's own sessions, such as one left open at another seat. */
function End({ row }: { row: SessionRow }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const end = useCommand(
    ({ session }: { session: string }, intent) => endSession(session, intent),
    () => {
      setAsking(false);
      void message.success(t("sessions.revoked"));
      return client.invalidateQueries({ queryKey: ["sessions"] });
    },
  );
  if (row.current) {
    return (
      <Badge tone="good" icon={<CheckCircleOutlined />}>
        {t("sessions.current")}
      </Badge>
    );
  }
  return (
    <>
      <Button size="small" danger onClick={() => setAsking(true)}>
        {t("sessions.revoke")}
      </Button>
      {asking && (
        <FormShell
          open
          danger
          title={t("sessions.revoke")}
          submit={t("sessions.revoke")}
          busy={end.isPending}
          error={end.error}
          onSubmit={() => end.mutate({ session: row.session_id })}
          onClose={() => setAsking(false)}
        >
          <p className="sn-faint sn-form-note">{t("sessions.revoke.confirm")}</p>
        </FormShell>
      )}
    </>
  );
}

/** Ends one session of somebody else, such as one left open at a seat. */
function Revoke({ person, row }: { person: string; row: SessionRow }) {
  const { t } = useTranslation();
  return (
    <RevokeWithReason
      small
      title={t("sessions.revoke")}
      note={t("sessions.revoke.confirm")}
      done={t("sessions.revoked")}
      act={(reason, intent) => revokeSession(person, row.session_id, reason, intent)}
    />
  );
}

/** Ends all sessions of somebody else, such as when a device is lost. */
function RevokeAll({ person }: { person: string }) {
  const { t } = useTranslation();
  return (
    <RevokeWithReason
      title={t("sessions.revokeAll")}
      note={t("sessions.revokeAll.confirm")}
      done={t("sessions.revokeAll.done")}
      act={(reason, intent) => revokeSessions(person, reason, intent)}
    />
  );
}

interface Revocation {
  title: string;
  /** What it means for who is signed in there. */
  note: string;
  done: string;
  small?: boolean;
  act: (reason: string, intent: Intent) => Promise<undefined>;
}

/** A button that asks for the reason before it takes another's session away. */
function RevokeWithReason({ title, note, done, small = false, act }: Revocation) {
  const { t } = useTranslation();
  const { can } = useSession();
  const { message } = App.useApp();
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const revoke = useCommand(
    ({ reason }: { reason: string }, intent) => act(reason, intent),
    () => {
      setAsking(false);
      void message.success(done);
      return client.invalidateQueries({ queryKey: ["sessions"] });
    },
  );
  return (
    <>
      <ActionButton
        danger
        size={small ? "small" : "middle"}
        disabledReason={can("session.revoke") ? undefined : t("sessions.revokeAll.forbidden")}
        onClick={() => setAsking(true)}
      >
        {title}
      </ActionButton>
      {asking && (
        <FormShell<{ reason: string }>
          open
          danger
          title={title}
          submit={title}
          busy={revoke.isPending}
          error={revoke.error}
          onSubmit={(fields) => revoke.mutate(fields)}
          onClose={() => setAsking(false)}
        >
          <p className="sn-faint sn-form-note">{note}</p>
          <Form.Item name="reason" label={t("reason.text")} rules={[{ required: true, whitespace: true, message: t("reason.text.required") }]}>
            <Input.TextArea rows={2} maxLength={200} autoFocus />
          </Form.Item>
        </FormShell>
      )}
    </>
  );
}
