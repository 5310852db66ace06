// Where an account is signed in, and closing what should not be open.
import { useQueryClient } from "@tanstack/react-query";
import { App, Button, Form, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { readSessions, revokeSession } from "@/api/identity";
import { useSession } from "@/api/session";
import type { SessionRow } from "@/api/types";
import { useCommand } from "@/api/useCommand";
import { DateTime } from "@/kit/DateTime";
import { FormShell } from "@/kit/FormShell";
import { PageShell } from "@/kit/PageShell";
import { QueryTable, type Column } from "@/kit/QueryTable";
import { Badge } from "@/kit/StateBadge";
import { CheckCircleOutlined } from "@ant-design/icons";

export default function SessionsPage() {
  const { t } = useTranslation();
  const { can } = useSession();
  const [search, setSearch] = useSearchParams();
  const person = search.get("person") ?? undefined;
  const columns: Column<SessionRow>[] = [
    { key: "person", title: t("sessions.person"), render: (row) => (row.person === undefined ? "—" : `${row.person.name}（${row.person.employee_no}）`) },
    { key: "seat", title: t("sessions.seat"), render: (row) => row.seat ?? "—" },
    { key: "address", title: t("sessions.address"), render: (row) => <span className="sn-number">{row.address}</span> },
    { key: "started", title: t("sessions.started"), render: (row) => <DateTime value={row.started_at} /> },
    { key: "seen", title: t("sessions.lastSeen"), render: (row) => <DateTime value={row.last_seen_at} /> },
    { key: "act", title: t("table.acts"), titleHidden: true, align: "end", render: (row) => <Revoke row={row} /> },
  ];
  return (
    <PageShell title={t("sessions.title")} note={t("sessions.note")}>
      <QueryTable
        label={t("sessions.title")}
        queryKey={["sessions", person]}
        load={async (_cursor, _limit, signal) => ({ items: await readSessions(person, signal), next: null })}
        columns={columns}
        rowKey={(row) => row.session_id}
        empty={{ title: t("sessions.empty") }}
        refreshSeconds={30}
        toolbar={
          can("session.view") && (
            <Input.Search
              className="sn-filter"
              allowClear
              defaultValue={person}
              placeholder={t("sessions.personFilter")}
              aria-label={t("sessions.personFilter")}
              onSearch={(value) => setSearch(value === "" ? {} : { person: value.trim() })}
            />
          )
        }
      />
    </PageShell>
  );
}

function Revoke({ row }: { row: SessionRow }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const revoke = useCommand(
    ({ reason }: { reason: string }, intent) => revokeSession(row.session_id, reason, intent),
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
        <FormShell<{ reason: string }>
          open
          danger
          title={t("sessions.revoke")}
          submit={t("sessions.revoke")}
          busy={revoke.isPending}
          error={revoke.error}
          onSubmit={(fields) => revoke.mutate(fields)}
          onClose={() => setAsking(false)}
        >
          <p className="sn-faint sn-form-note">{t("sessions.revoke.confirm")}</p>
          <Form.Item name="reason" label={t("reason.text")} rules={[{ required: true, whitespace: true, message: t("reason.text.required") }]}>
            <Input.TextArea rows={2} maxLength={200} autoFocus />
          </Form.Item>
        </FormShell>
      )}
    </>
  );
}
