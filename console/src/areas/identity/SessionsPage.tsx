// Where an account is signed in, and closing what should not be open.
import { useQueryClient } from "@tanstack/react-query";
import { App, Input } from "antd";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { readSessions, revokeSession } from "@/api/identity";
import { useSession } from "@/api/session";
import type { SessionRow } from "@/api/types";
import { useCommand } from "@/api/useCommand";
import { ActionButton } from "@/kit/ActionButton";
import { DateTime } from "@/kit/DateTime";
import { PageShell } from "@/kit/PageShell";
import { QueryTable, type Column } from "@/kit/QueryTable";
import { Badge } from "@/kit/StateBadge";
import { ProblemText } from "@/kit/States";
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
  const { message, modal } = App.useApp();
  const client = useQueryClient();
  const revoke = useCommand(
    (_: undefined, intent) => revokeSession(row.session_id, intent),
    () => {
      void message.success(t("sessions.revoked"));
      return client.invalidateQueries({ queryKey: ["sessions"] });
    },
  );
  const ask = () =>
    void modal.confirm({
      title: t("sessions.revoke"),
      content: t("sessions.revoke.confirm"),
      okText: t("sessions.revoke"),
      cancelText: t("action.cancel"),
      okButtonProps: { danger: true },
      onOk: () => revoke.mutate(undefined, { onError: (error) => void message.error(<ProblemText error={error} />) }),
    });
  if (row.current) {
    return (
      <Badge tone="good" icon={<CheckCircleOutlined />}>
        {t("sessions.current")}
      </Badge>
    );
  }
  return (
    <ActionButton size="small" danger loading={revoke.isPending} onClick={ask}>
      {t("sessions.revoke")}
    </ActionButton>
  );
}
