// What is mine to do now: returns first, then stations, then the queues for who leads them.
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useMe, useSession } from "@/api/session";
import type { Action, ItemState } from "@/api/types";
import { useItemCounts } from "@/api/useItemCounts";
import { readBoard, readOwnDay } from "@/api/work";
import { useLanguage } from "@/kit/language";
import { PageShell, Section } from "@/kit/PageShell";
import { EmptyState, ErrorState, LoadingState } from "@/kit/States";
import { formatPermille, formatSeconds } from "@/kit/time";
import { inOrder } from "@/kit/queues";
import { paths } from "@/paths";
import { menuFor } from "@/shell/menu";
import type { TextKey } from "@/texts";

export default function HomePage() {
  const { t } = useTranslation();
  const { nameOf } = useLanguage();
  const { can } = useSession();
  const me = useMe();
  const posts = me.posts.map(nameOf);
  // Whoever neither takes work nor leads those who do looks things up.
  const busy = can("item.capture") || can("item.resume") || can("work.supervise") || can("work.take");
  return (
    <PageShell
      title={t("home.greeting", { name: me.name })}
      note={t("home.note", { institution: nameOf(me.institution), posts: posts.length === 0 ? t("home.posts.none") : posts.join(" · ") })}
    >
      <div className="sn-home">
        {(can("item.capture") || can("item.resume")) && <Todo />}
        <Stations />
        {can("work.supervise") && <Queues />}
        {can("work.take") && <Day />}
        {!busy && <Elsewhere />}
      </div>
    </PageShell>
  );
}

/** For whom nothing waits here: where they can go, or that their post has no page yet. */
function Elsewhere() {
  const { t } = useTranslation();
  const { can } = useSession();
  const entries = menuFor(can).flatMap((group) => group.entries).filter((entry) => entry.needs.length > 0);
  return (
    <Section title={t("home.elsewhere")}>
      {entries.length === 0 ? (
        <EmptyState title={t("home.elsewhere.none")} hint={t("home.elsewhere.none.hint")} />
      ) : (
        <ul className="sn-tiles">
          {entries.map((entry) => (
            <li key={entry.path}>
              <Link to={entry.path} className="sn-tile sn-tile-go">
                {t(entry.text)} →
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

const waiting: { state: ItemState; text: TextKey; to: () => string; needs: Action; pressing: boolean }[] = [
  { state: "returned", text: "home.returned", to: () => paths.returned("returned"), needs: "item.capture", pressing: true },
  { state: "rescan", text: "home.rescan", to: () => paths.returned("rescan"), needs: "item.capture", pressing: true },
  { state: "posted", text: "home.posted", to: () => paths.returned("posted"), needs: "item.capture", pressing: false },
  { state: "draft", text: "home.drafts", to: () => paths.items({ state: "draft" }), needs: "item.capture", pressing: false },
  // These stand still until a supervisor acts; what the outlet found wrong is mended outside this product until the error desk comes.
  { state: "post_failed", text: "home.postFailed", to: () => paths.items({ state: "post_failed" }), needs: "item.resume", pressing: true },
  { state: "confirm_failed", text: "home.confirmFailed", to: () => paths.items({ state: "confirm_failed" }), needs: "item.resume", pressing: true },
  { state: "suspended", text: "home.suspended", to: () => paths.items({ state: "suspended" }), needs: "item.resume", pressing: true },
];

function Todo() {
  const { t } = useTranslation();
  const { can } = useSession();
  const own = waiting.filter((one) => can(one.needs));
  const { counts, error, retry } = useItemCounts(own.map((one) => one.state));
  if (error !== undefined) return <Section title={t("home.todo")}>{<ErrorState error={error} retry={retry} />}</Section>;
  if (counts === undefined) return <Section title={t("home.todo")}>{<LoadingState rows={3} />}</Section>;
  const rows = own.flatMap((one) => counts.filter(({ state, count }) => state === one.state && count > 0).map(({ count, more }) => ({ ...one, count, more })));
  return (
    <Section title={t("home.todo")}>
      {rows.length === 0 ? (
        <EmptyState title={t("home.todo.none")} hint={t(can("item.capture") ? "home.todo.none.hint" : "home.todo.none.supervisor")} />
      ) : (
        <ul className="sn-tiles">
          {rows.map(({ state, text, to, pressing, count, more }) => (
            <li key={state}>
              <Link to={to()} className={`sn-tile sn-tile-${pressing ? "warn" : "busy"}`}>
                <strong className="sn-number">{t(more ? "items.counted.more" : "items.counted", { count })}</strong>
                <span>{t(text)}</span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

const stations: { text: TextKey; to: string; needs: Action[] }[] = [
  { text: "menu.keying", to: paths.keying(), needs: ["slice.key", "slice.key_third"] },
  { text: "menu.checking", to: paths.checking(), needs: ["item.check"] },
  { text: "menu.refusalReview", to: paths.refusalReview(), needs: ["item.review_refusal"] },
  { text: "menu.authorizing", to: paths.authorizing(), needs: ["item.authorize"] },
  { text: "menu.capture", to: paths.capture(), needs: ["item.capture"] },
];

function Stations() {
  const { t } = useTranslation();
  const { can } = useSession();
  const own = stations.filter((station) => station.needs.some(can));
  if (own.length === 0) return null;
  return (
    <Section title={t("home.stations")}>
      <ul className="sn-tiles">
        {own.map((station) => (
          <li key={station.to}>
            <Link to={station.to} className="sn-tile sn-tile-go">
              {t(station.text)} →
            </Link>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Queues() {
  const { t } = useTranslation();
  const board = useQuery({ queryKey: ["board"], queryFn: ({ signal }) => readBoard(signal), refetchInterval: 10_000 });
  if (board.data === undefined) {
    return (
      <Section title={t("home.supervise")}>
        {board.isError ? <ErrorState error={board.error} retry={() => void board.refetch()} /> : <LoadingState rows={3} />}
      </Section>
    );
  }
  return (
    <Section title={t("home.supervise")} extra={<Link to={paths.board()}>{t("menu.board")} →</Link>}>
      <ul className="sn-lines">
        {inOrder(board.data.queues).map((queue) => (
          <li key={queue.queue}>
            <Link to={paths.work({ queue: queue.queue, state: "waiting" })}>{t(`queue.${queue.queue}`)}</Link>
            <span className="sn-number">
              {queue.waiting === 0
                ? t("home.queue.idle")
                : t("home.queue.waiting", { count: queue.waiting, time: formatSeconds(queue.oldest_wait_seconds) })}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Day() {
  const { t } = useTranslation();
  const day = useQuery({ queryKey: ["own-day"], queryFn: ({ signal }) => readOwnDay(signal), refetchInterval: 60_000 });
  if (day.data === undefined) return null;
  const { done, per_hour, accuracy_permille, keystrokes } = day.data;
  const figures: [TextKey, string | undefined][] = [
    ["home.day.done", String(done)],
    ["home.day.perHour", per_hour?.toString()],
    ["home.day.accuracy", accuracy_permille === null || accuracy_permille === undefined ? undefined : formatPermille(accuracy_permille)],
    ["home.day.keystrokes", keystrokes?.toString()],
  ];
  return (
    <Section title={t("home.day")}>
      <dl className="sn-figures">
        {figures.map(([text, value]) =>
          value === undefined ? null : (
            <div key={text}>
              <dt>{t(text)}</dt>
              <dd className="sn-number">{value}</dd>
            </div>
          ),
        )}
      </dl>
    </Section>
  );
}
