// The product's own record, by what it is about or by who acted.
import { StopOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { App, Input } from "antd";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { readJournal } from "@/api/operations";
import { readItem, readItems } from "@/api/processing";
import { useSession } from "@/api/session";
import type { JournalEntry } from "@/api/types";
import { PersonSelect } from "@/kit/PersonSelect";
import { DateTime } from "@/kit/DateTime";
import { PageShell } from "@/kit/PageShell";
import { QueryTable, type Column } from "@/kit/QueryTable";
import { Badge } from "@/kit/StateBadge";
import { EmptyState, ProblemText } from "@/kit/States";
import type { TextKey } from "@/texts";

export default function EntriesPage() {
  const { t } = useTranslation();
  const kindWords = useKindWords();
  const [search] = useSearchParams();
  const filter = { subject: search.get("subject") ?? undefined, actor: search.get("actor") ?? undefined };
  const asked = filter.subject !== undefined || filter.actor !== undefined;
  const columns: Column<JournalEntry>[] = [
    { key: "seq", title: t("trace.seq"), align: "end", render: (entry) => <span className="sn-number">{entry.seq}</span> },
    { key: "at", title: t("trace.at"), render: (entry) => <DateTime value={entry.at} /> },
    // Of one subject every row would say the same.
    ...(filter.subject === undefined ? [{ key: "subject", title: t("journal.subjectColumn"), render: (entry: JournalEntry) => <code>{`${entry.subject_kind} ${entry.subject_id}`}</code> }] : []),
    {
      key: "kind",
      title: t("journal.kind"),
      render: (entry) => (
        <span className="sn-row">
          <span title={entry.kind}>{kindWords(entry.kind)}</span>
          {entry.refused && (
            <Badge tone="bad" icon={<StopOutlined />}>
              {t("trace.refused")}
            </Badge>
          )}
        </span>
      ),
    },
    { key: "actor", title: t("trace.actor"), render: (entry) => (typeof entry.actor === "string" ? <span title={entry.actor}>{t("trace.machine")}</span> : t("shell.person", { name: entry.actor.name, no: entry.actor.employee_no })) },
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

/** Words for a kind of entry; a server that is newer than this console may write kinds that it has none for. */
function useKindWords(): (kind: string) => string {
  const { t, i18n } = useTranslation();
  return (kind) => {
    const key = `journal.kind.${kind}`;
    return i18n.exists(key) ? t(key as TextKey) : kind;
  };
}

/** An item's number as it is printed, such as `620103-20261124-00010`. */
const ITEM_NO = /^\d+-\d{8}-\d+$/;

/** What the journal calls an item that people know by its number. */
async function subjectOf(typed: string): Promise<string | undefined> {
  if (!ITEM_NO.test(typed)) return typed;
  const { items } = await readItems({ q: typed }, undefined, 1);
  return items.find((item) => item.item_no === typed)?.item_id;
}

function Filters() {
  const { t } = useTranslation();
  const { can } = useSession();
  const { message } = App.useApp();
  const [search, setSearch] = useSearchParams();
  const subject = search.get("subject") ?? "";
  // People know an item by its number, the journal by its id.
  const isItem = subject.startsWith("itm_") && can("item.view");
  const item = useQuery({ queryKey: ["item", subject], queryFn: ({ signal }) => readItem(subject, signal), enabled: isItem });
  const shown = isItem && item.isPending ? "" : (item.data?.item_no ?? subject);
  const find = async (typed: string) => {
    if (typed === "") return setSearch({});
    try {
      const found = await subjectOf(typed);
      if (found === undefined) void message.warning(t("journal.unknownItem", { no: typed }));
      else setSearch({ subject: found });
    } catch (problem) {
      void message.error(<ProblemText error={problem} />);
    }
  };
  return (
    <>
      <Input.Search
        key={shown}
        className="sn-filter sn-filter-wide"
        allowClear
        defaultValue={shown}
        placeholder={t("journal.subject")}
        aria-label={t("journal.subject")}
        lang="en"
        onSearch={(value) => void find(value.trim())}
      />
      {can("organization.view") && (
        <PersonSelect label={t("journal.actor")} value={search.get("actor") ?? undefined} onChange={(person) => setSearch(person === undefined ? {} : { actor: person })} />
      )}
    </>
  );
}
