// The product's own record, by what it is about or by who acted.
import { StopOutlined } from "@ant-design/icons";
import { Input } from "antd";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { readJournal } from "@/api/operations";
import type { JournalEntry } from "@/api/types";
import { DateTime } from "@/kit/DateTime";
import { PageShell } from "@/kit/PageShell";
import { QueryTable, type Column } from "@/kit/QueryTable";
import { Badge } from "@/kit/StateBadge";
import { EmptyState } from "@/kit/States";

export default function EntriesPage() {
  const { t } = useTranslation();
  const [search] = useSearchParams();
  const filter = { subject: search.get("subject") ?? undefined, actor: search.get("actor") ?? undefined };
  const asked = filter.subject !== undefined || filter.actor !== undefined;
  const columns: Column<JournalEntry>[] = [
    { key: "seq", title: t("trace.seq"), align: "end", render: (entry) => <span className="sn-number">{entry.seq}</span> },
    { key: "at", title: t("trace.at"), render: (entry) => <DateTime value={entry.at} /> },
    { key: "subject", title: t("journal.subjectColumn"), render: (entry) => <code>{`${entry.subject_kind} ${entry.subject_id}`}</code> },
    {
      key: "kind",
      title: t("journal.kind"),
      render: (entry) => (
        <span className="sn-row">
          <code>{entry.kind}</code>
          {entry.refused && (
            <Badge tone="bad" icon={<StopOutlined />}>
              {t("trace.refused")}
            </Badge>
          )}
        </span>
      ),
    },
    { key: "actor", title: t("trace.actor"), render: (entry) => actorOf(entry, t("trace.machine")) },
    { key: "hash", title: t("trace.hash"), render: (entry) => <code title={entry.hash}>{entry.hash.slice(0, 12)}…</code> },
  ];
  return (
    <PageShell title={t("journal.title")} note={t("journal.note")}>
      {asked ? (
        <QueryTable
          label={t("journal.title")}
          queryKey={["journal", filter]}
          load={(cursor, limit, signal) => readJournal(filter, cursor, limit, signal)}
          columns={columns}
          rowKey={(entry) => `${entry.subject_kind}/${entry.subject_id}/${String(entry.seq)}`}
          empty={{ title: t("journal.empty"), hint: t("journal.empty.hint") }}
          toolbar={<Filters />}
          pageSize={50}
        />
      ) : (
        <section className="sn-table-shell">
          <div className="sn-toolbar">
            <Filters />
          </div>
          <EmptyState title={t("journal.need")} hint={t("journal.need.hint")} />
        </section>
      )}
    </PageShell>
  );
}

function actorOf(entry: JournalEntry, machine: string): string {
  return typeof entry.actor === "string" ? `${machine} ${entry.actor}` : `${entry.actor.name} ${entry.actor.employee_no}`;
}

function Filters() {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const fields = [
    { name: "subject", text: t("journal.subject") },
    { name: "actor", text: t("journal.actor") },
  ];
  return fields.map(({ name, text }) => (
    <Input.Search
      key={`${name}-${search.get(name) ?? ""}`}
      className="sn-filter sn-filter-wide"
      allowClear
      defaultValue={search.get(name) ?? ""}
      placeholder={text}
      aria-label={text}
      lang="en"
      onSearch={(value) => setSearch(value.trim() === "" ? {} : { [name]: value.trim() })}
    />
  ));
}
