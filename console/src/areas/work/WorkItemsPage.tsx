// The work behind the board's numbers; a supervisor may move it, with a reason.
import { Button, Segmented, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate, useSearchParams } from "react-router";
import type { QueueName, WorkItem } from "@/api/types";
import { readWorkItems } from "@/api/work";
import { DueIn, Since } from "@/kit/DateTime";
import { useLanguage } from "@/kit/language";
import { PageShell } from "@/kit/PageShell";
import { QueryTable, type Column } from "@/kit/QueryTable";
import { OverdueBadge } from "@/kit/StateBadge";
import { paths } from "@/paths";
import { PriorityDialog, ReassignDialog } from "./WorkDialogs";

const queues: QueueName[] = ["keying", "third_keying", "checking", "refusal_review", "authorizing"];

/** Who has it, or who is to have it. */
function Holder({ work }: { work: WorkItem }) {
  const { t } = useTranslation();
  if (work.holder !== null && work.holder !== undefined) return work.holder.name;
  if (work.assigned_to !== null && work.assigned_to !== undefined) return t("work.holder.given", { name: work.assigned_to.name });
  return <span className="sn-faint">{t("work.holder.none")}</span>;
}

export default function WorkItemsPage() {
  const { t } = useTranslation();
  const { nameOf } = useLanguage();
  const navigate = useNavigate();
  const [search, setSearch] = useSearchParams();
  const [moved, setMoved] = useState<{ what: "person" | "priority"; work: WorkItem } | undefined>(undefined);
  const filter = { queue: search.get("queue") ?? undefined, state: search.get("state") ?? undefined };
  const set = (name: string, value: string | undefined) =>
    setSearch((before) => {
      const after = new URLSearchParams(before);
      if (value === undefined || value === "") after.delete(name);
      else after.set(name, value);
      return after;
    });
  const columns: Column<WorkItem>[] = [
    { key: "queue", title: t("work.queue"), render: (work) => t(`queue.${work.queue}`) },
    {
      key: "no",
      title: t("items.no"),
      render: (work) => (
        <span className="sn-row">
          <Link to={paths.item(work.item_id)} tabIndex={-1} className="sn-number">
            {work.item_no}
          </Link>
          {work.overdue && <OverdueBadge />}
        </span>
      ),
    },
    {
      key: "type",
      title: t("work.what"),
      render: (work) => (
        <>
          {nameOf(work.business_type)}
          {work.field !== null && work.field !== undefined && <span className="sn-faint">{` · ${nameOf(work.field)}`}</span>}
        </>
      ),
    },
    { key: "institution", title: t("items.institution"), render: (work) => nameOf(work.institution), wideOnly: true },
    { key: "priority", title: t("work.priority"), align: "end", render: (work) => <span className="sn-number">{work.priority_class}</span> },
    { key: "wait", title: t("work.wait"), align: "end", render: (work) => <Since value={work.enqueued_at} /> },
    { key: "due", title: t("items.due"), render: (work) => <DueIn due={work.due_at} overdue={work.overdue} /> },
    { key: "holder", title: t("work.holder"), render: (work) => <Holder work={work} /> },
    {
      key: "act",
      title: t("table.acts"),
      titleHidden: true,
      align: "end",
      render: (work) => (
        <span className="sn-row sn-row-end">
          <Button size="small" onClick={() => setMoved({ what: "person", work })}>
            {t("work.reassign")}
          </Button>
          <Button size="small" onClick={() => setMoved({ what: "priority", work })}>
            {t("work.priority")}
          </Button>
        </span>
      ),
    },
  ];
  return (
    <PageShell title={t("work.title")} note={t("work.note")} back={{ to: paths.board(), label: t("board.title") }}>
      <QueryTable
        label={t("work.title")}
        queryKey={["work", filter]}
        load={(cursor, limit, signal) => readWorkItems(filter, cursor, limit, signal)}
        columns={columns}
        rowKey={(work) => work.work_item_id}
        onOpen={(work) => void navigate(paths.trace(work.item_id))}
        empty={{ title: t("work.empty"), hint: t("work.empty.hint") }}
        refreshSeconds={5}
        toolbar={
          <>
            <Select
              className="sn-filter"
              allowClear
              placeholder={t("work.queue")}
              aria-label={t("work.queue")}
              value={filter.queue ?? null}
              options={queues.map((queue) => ({ value: queue, label: t(`queue.${queue}`) }))}
              onChange={(value: string | undefined) => set("queue", value)}
            />
            <Segmented
              aria-label={t("work.state")}
              value={filter.state ?? ""}
              options={[
                { value: "", label: t("work.all") },
                { value: "waiting", label: t("work.waiting") },
                { value: "working", label: t("work.working") },
              ]}
              onChange={(value) => set("state", value)}
            />
          </>
        }
      />
      {moved?.what === "person" && <ReassignDialog work={moved.work} onClose={() => setMoved(undefined)} />}
      {moved?.what === "priority" && <PriorityDialog work={moved.work} onClose={() => setMoved(undefined)} />}
    </PageShell>
  );
}
