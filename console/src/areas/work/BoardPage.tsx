// Queues, people, times: every number leads to the rows behind it.
import { useQuery } from "@tanstack/react-query";
import { Segmented } from "antd";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { useSession } from "@/api/session";
import type { Board, BoardPerson, BoardQueue, ItemState, PresenceState } from "@/api/types";
import { useItemCounts } from "@/api/useItemCounts";
import { readBoard } from "@/api/work";
import { DateTime, Since, useNow } from "@/kit/DateTime";
import { DetailShell } from "@/kit/DetailShell";
import { useLanguage } from "@/kit/language";
import { PageShell, Section } from "@/kit/PageShell";
import { Rows, type Column } from "@/kit/QueryTable";
import { PresenceBadge } from "@/kit/StateBadge";
import { EmptyState, ErrorState, LoadingState } from "@/kit/States";
import { formatCount, formatPermille, formatSeconds, secondsBetween } from "@/kit/time";
import { paths } from "@/paths";
import { inOrder } from "@/kit/queues";

const HalfHours = lazy(() => import("./HalfHours"));

export default function BoardPage() {
  const { t } = useTranslation();
  const { can } = useSession();
  const board = useQuery({ queryKey: ["board"], queryFn: ({ signal }) => readBoard(signal), refetchInterval: 3_000 });
  return (
    <PageShell title={t("board.title")} note={t("board.note")} actions={board.data !== undefined && <Age at={board.data.as_of} />}>
      <DetailShell query={board}>
        {(data) => (
          <>
            <Section title={t("board.queues")} flush>
              <Queues queues={data.queues} />
            </Section>
            {can("item.resume") && <Stopped />}
            <div className="sn-board">
              <People people={data.people} />
              <Section title={t("board.chart")}>
                <Suspense fallback={<LoadingState rows={5} />}>
                  <HalfHours board={data} />
                </Suspense>
              </Section>
            </div>
          </>
        )}
      </DetailShell>
    </PageShell>
  );
}

/** How old the figures are; says so loudly once they are no longer live. */
function Age({ at }: { at: Board["as_of"] }) {
  const { t } = useTranslation();
  const age = secondsBetween(at, useNow(1));
  if (age > 15) {
    return (
      <span className="sn-bad" role="status">
        {t("board.stale", { seconds: age })}
      </span>
    );
  }
  return (
    <span className="sn-faint sn-small">
      {t("table.asOf")} <DateTime value={at} />
    </span>
  );
}

const stopped: readonly ItemState[] = ["post_failed", "confirm_failed", "suspended"];

/** Items that wait in no queue: a supervisor moves them, or, where the outlet found the result wrong, has it mended. */
function Stopped() {
  const { t } = useTranslation();
  const { counts, error, retry } = useItemCounts(stopped);
  return (
    <Section title={t("board.stopped")}>
      {error !== undefined ? (
        <ErrorState error={error} retry={retry} />
      ) : counts === undefined ? (
        <LoadingState rows={1} />
      ) : (
        <dl className="sn-figures">
          {counts.map(({ state, count, more }) => {
            // What is read aloud is what is seen.
            const shown = t(more ? "items.counted.more" : "items.counted", { count });
            return (
              <div key={state}>
                <dt>{t(`state.${state}`)}</dt>
                <dd className="sn-number">
                  <Link
                    to={paths.items({ state })}
                    aria-label={t("board.stopped.drill", { state: t(`state.${state}`), count: shown })}
                    className={count > 0 ? "sn-drill sn-bad" : "sn-drill"}
                  >
                    {shown}
                  </Link>
                </dd>
              </div>
            );
          })}
        </dl>
      )}
    </Section>
  );
}

function Queues({ queues }: { queues: BoardQueue[] }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const drill = (queue: BoardQueue, state: "waiting" | "working", count: number, what: string) => (
    <Link to={paths.work({ queue: queue.queue, state })} aria-label={t("board.drill", { queue: t(`queue.${queue.queue}`), what, count })} className="sn-drill sn-number">
      {count}
    </Link>
  );
  const seconds = (value: number | null) => (value === null ? "—" : formatSeconds(value));
  const columns: Column<BoardQueue>[] = [
    { key: "queue", title: t("board.queue"), render: (queue) => <strong>{t(`queue.${queue.queue}`)}</strong> },
    { key: "waiting", title: t("board.waiting"), align: "end", render: (queue) => drill(queue, "waiting", queue.waiting, t("board.waiting")) },
    { key: "working", title: t("board.working"), align: "end", render: (queue) => drill(queue, "working", queue.working, t("board.working")) },
    { key: "oldest", title: t("board.oldest"), align: "end", render: (queue) => <span className="sn-number">{queue.waiting === 0 ? "—" : formatSeconds(queue.oldest_wait_seconds)}</span> },
    {
      key: "overdue",
      title: t("board.overdue"),
      align: "end",
      render: (queue) => <span className={queue.overdue > 0 ? "sn-number sn-bad" : "sn-number"}>{queue.overdue}</span>,
    },
    {
      key: "ready",
      title: t("board.ready"),
      align: "end",
      // Work that waits with nobody there is what a supervisor must see first.
      render: (queue) => <span className={queue.waiting > 0 && queue.ready_people === 0 && queue.working === 0 ? "sn-number sn-bad" : "sn-number"}>{queue.ready_people}</span>,
    },
    { key: "done", title: t("board.doneToday"), align: "end", render: (queue) => <span className="sn-number">{formatCount(queue.done_today)}</span> },
    {
      key: "within",
      title: t("board.within"),
      align: "end",
      render: (queue) => <span className="sn-number">{queue.within_limit_permille === null ? "—" : formatPermille(queue.within_limit_permille)}</span>,
    },
    { key: "handle", title: t("board.handle"), align: "end", render: (queue) => <span className="sn-number">{seconds(queue.average_handle_seconds)}</span> },
  ];
  return (
    <Rows label={t("board.queues")} rows={inOrder(queues)} columns={columns} rowKey={(queue) => queue.queue} onOpen={(queue) => void navigate(paths.work({ queue: queue.queue }))} />
  );
}

const order: PresenceState[] = ["ready", "busy", "wrap_up", "break", "signed_out"];

function People({ people }: { people: BoardPerson[] }) {
  const { t } = useTranslation();
  const { nameOf } = useLanguage();
  const [state, setState] = useState<PresenceState | "all">("all");
  const navigate = useNavigate();
  const present = order.filter((one) => people.some((person) => person.state === one));
  const rows = people
    .filter((person) => state === "all" || person.state === state)
    .sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state) || a.employee_no.localeCompare(b.employee_no));
  const columns: Column<BoardPerson>[] = [
    {
      key: "name",
      title: t("board.person"),
      render: (person) => (
        <>
          <Link to={paths.person(person.person_id)} tabIndex={-1}>{person.name}</Link> <span className="sn-faint sn-number sn-small">{person.employee_no}</span>
        </>
      ),
    },
    { key: "state", title: t("board.presence"), render: (person) => <PresenceBadge state={person.state} reason={person.reason} /> },
    { key: "since", title: t("board.since"), align: "end", render: (person) => <Since value={person.since} /> },
    { key: "queue", title: t("board.queue"), render: (person) => (person.queue === null || person.queue === undefined ? "—" : t(`queue.${person.queue}`)) },
    { key: "leases", title: t("board.leases"), align: "end", render: (person) => <span className="sn-number">{person.leases}</span> },
    { key: "done", title: t("board.done"), align: "end", render: (person) => <span className="sn-number">{person.done_today}</span> },
    { key: "seat", title: t("board.seat"), render: (person) => person.seat ?? "—", wideOnly: true },
    {
      key: "institution",
      title: t("staff.institution"),
      render: (person) => (typeof person.institution === "object" && person.institution !== null ? nameOf(person.institution) : (person.institution ?? "—")),
      wideOnly: true,
    },
  ];
  return (
    <Section
      title={t("board.people")}
      flush
      extra={
        <Segmented
          size="small"
          aria-label={t("board.filter.people")}
          value={state}
          options={[
            { value: "all", label: t("board.all", { count: people.length }) },
            ...present.map((one) => ({ value: one, label: `${t(`presence.${one}`)} ${String(people.filter((person) => person.state === one).length)}` })),
          ]}
          onChange={setState}
        />
      }
    >
      {rows.length === 0 ? (
        <EmptyState title={t("board.people.none")} />
      ) : (
        <div className="sn-scroll-tall">
          <Rows label={t("board.people")} rows={rows} columns={columns} rowKey={(person) => person.person_id} onOpen={(person) => void navigate(paths.person(person.person_id))} />
        </div>
      )}
    </Section>
  );
}
