// 授权台: one decision, on everything that was seen. Approve and refuse lie far from Enter and act once per press.

import { useQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { readReasons } from "@/api/processing";
import type { AuthorizeTask, CheckField, Lease, QueueName, ReasonUse, TaskPage } from "@/api/types";
import { useKeys } from "@/keys/KeyRouterProvider";
import { useLanguage } from "@/kit/language";
import { BigThree, isAmongTheBig } from "./authorizing/BigThree";
import { isArmed, missing, NOTHING_LOOKED, see, tick, type Looked, type Missing } from "./authorizing/armed";
import { ElapsedRing } from "./authorizing/ElapsedRing";
import { SimilarItems } from "./authorizing/SimilarItems";
import { boxesOn, placeOf, rectOn } from "./frame/boxes";
import { Checks } from "./frame/Checks";
import { digitKeys } from "./frame/digits";
import { keepFocus } from "./frame/focus";
import { ItemHead } from "./frame/ItemHead";
import { PageZone } from "./frame/PageZone";
import { ReadOnlyFields, useFieldOnPage } from "./frame/ReadOnlyFields";
import { RejectDialog, type Rejected, type Way } from "./frame/RejectDialog";
import { StationFrame } from "./frame/StationFrame";
import { StationRoot } from "./frame/StationRoot";
import { approve, handBack, refuseAuthorization } from "./work/api";
import { useShelved } from "./work/useImages";
import { useStation } from "./work/StationContext";
import "./checking/checking.css";
import "./authorizing/authorizing.css";

const QUEUES: readonly QueueName[] = ["authorizing"];
/** One customer waits for one decision; holding a second item would let another customer wait for nothing. */
const CAPACITY = 1;
const NO_FIELDS: readonly string[] = [];
const NO_PAGES: readonly TaskPage[] = [];

export default function AuthorizingStation() {
  return (
    <StationRoot queues={QUEUES} capacity={CAPACITY}>
      <AuthorizingDesk />
    </StationRoot>
  );
}

function useDescription() {
  const { nameOf } = useLanguage();
  return (lease: Lease) => (lease.task.kind === "authorize" ? `${nameOf(lease.task.item.business_type)} ${lease.task.item.item_no}` : "");
}

function AuthorizingDesk() {
  const { t } = useTranslation();
  const { nameOf } = useLanguage();
  const { desk, state, shelf, phase } = useStation();
  const describe = useDescription();
  const lease = state.current;
  const id = lease?.work_item_id ?? null;
  const task = lease?.task.kind === "authorize" ? lease.task : null;
  useShelved(shelf, lease, state.upcoming);
  const pages = task?.pages ?? NO_PAGES;
  const { active, at, onPage, onActive } = useFieldOnPage(id, pages);
  const { looked, onSeen, onTick } = useLooked(lease === null ? null : `${lease.work_item_id}/${String(lease.fence)}`, task);
  const lacks = useMemo(() => (task === null ? { pages: [], items: [] } : missing(task, looked)), [task, looked]);
  const [rejecting, setRejecting] = useState(false);
  const [tried, setTried] = useState(false);
  const stage = useRef<HTMLDivElement>(null);
  useEffect(() => {
    setRejecting(false);
    setTried(false);
    if (id !== null) stage.current?.focus();
  }, [id]);

  const agree = () => {
    if (task === null) return;
    if (!isArmed(lacks)) {
      setTried(true);
      const unseen = pages.findIndex((page) => page.page_id === lacks.pages[0]);
      if (unseen >= 0) onPage(unseen);
      return;
    }
    const ticked = [...looked.ticked];
    const displayed = [...looked.seen];
    desk.commit((held, intent) => approve(held, ticked, displayed, intent));
  };
  const reject = useReject(active, () => setRejecting(false));
  useAuthorizingKeys(phase === "working", task, agree, () => setRejecting(true), onTick);

  const others = (task?.fields ?? []).filter((field) => !isAmongTheBig(field));
  return (
    <StationFrame title={t("station.authorizing")} describe={describe} fields={NO_FIELDS}>
      <div className="aut-zones">
        <PageZone
          lease={lease} pages={pages} at={at} onPage={onPage} shelf={shelf} target={rectOn(pages[at], active)} boxes={active === null ? [] : boxesOn(pages[at], [active], active)}
          fields={NO_FIELDS} toggleBySpace seen={looked.seen} onSeen={onSeen} stage={stage}
        />
        <div className="st-side">
          <ItemHead item={task?.item ?? null} lease={lease} />
          <BigThree task={task} />
          <div className="aut-middle">
            <div>
              <Checks checks={task?.checks ?? []} />
              <SimilarItems task={task} />
              <ReadOnlyFields title={t("authorizing.fields")} fields={others} active={active} onActive={onActive} />
            </div>
            <Checklist task={task} ticked={looked.ticked} onTick={onTick} />
          </div>
          <div className="st-acts aut-acts">
            <ElapsedRing id={id} />
            <ArmedLine task={task} lacks={lacks} tried={tried} />
            <button type="button" onMouseDown={keepFocus} onClick={() => setRejecting(true)}>{t("authorizing.refuse")} <kbd>F8</kbd></button>
            <button type="button" className="st-primary" aria-disabled={!isArmed(lacks)} onMouseDown={keepFocus} onClick={agree}>{t("authorizing.approve")} <kbd>F9</kbd></button>
          </div>
        </div>
      </div>
      {rejecting && task !== null && (
        <RejectDialog title={t("authorizing.refuse")} ways={reject.ways} box={active === null || placeOf(active) === null ? null : nameOf(active)} onConfirm={reject.confirm} onClose={() => setRejecting(false)} />
      )}
    </StationFrame>
  );
}

/** What was on the screen and ticked in this hold; another item begins with nothing, and so does one that went away and came back. */
function useLooked(id: string | null, task: AuthorizeTask | null) {
  const [kept, setKept] = useState<{ id: string | null; looked: Looked }>({ id: null, looked: NOTHING_LOOKED });
  const looked = kept.id === id ? kept.looked : NOTHING_LOOKED;
  const change = useCallback((by: (looked: Looked) => Looked) => setKept((now) => ({ id, looked: by(now.id === id ? now.looked : NOTHING_LOOKED) })), [id]);
  const onSeen = useCallback((page: string) => change((now) => see(now, page)), [change]);
  const onTick = (index: number) => {
    const item = task?.checklist[index];
    if (item !== undefined) change((now) => tick(now, item.id));
  };
  return { looked, onSeen, onTick };
}

function Checklist({ task, ticked, onTick }: { task: AuthorizeTask | null; ticked: ReadonlySet<string>; onTick: (index: number) => void }) {
  const { t } = useTranslation();
  const { pick } = useLanguage();
  return (
    <section className="aut-checklist" aria-label={t("authorizing.checklist")}>
      <h2>{t("authorizing.checklist")}</h2>
      <ol>
        {(task?.checklist ?? []).map((item, index) => (
          <li key={item.id}>
            <button type="button" role="checkbox" aria-checked={ticked.has(item.id)} onMouseDown={keepFocus} onClick={() => onTick(index)}>
              <kbd>{index + 1}</kbd>
              <span className="aut-tick" aria-hidden="true">{ticked.has(item.id) ? "✓" : ""}</span>
              <span>{pick(item.zh, item.en)}</span>
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** Why approve is not armed, or that it is. */
function ArmedLine({ task, lacks, tried }: { task: AuthorizeTask | null; lacks: Missing; tried: boolean }) {
  const { t } = useTranslation();
  if (task === null) return <p className="st-grow" />;
  const words = [
    ...(lacks.pages.length > 0 ? [t("authorizing.blocked.pages", { count: lacks.pages.length })] : []),
    ...(lacks.items.length > 0 ? [t("authorizing.blocked.items", { count: lacks.items.length })] : []),
  ];
  const armed = words.length === 0;
  return (
    <p className={`st-grow ${armed ? "st-good" : tried ? "st-bad" : "st-faint"}`} role="status">
      {armed ? t("authorizing.armed") : words.join(" · ")}
    </p>
  );
}

type AuthorizingWay = "refuse" | "send-back" | "hand_back";

function useReject(active: CheckField | null, done: () => void) {
  const { t } = useTranslation();
  const { desk } = useStation();
  const { data } = useQuery({ queryKey: ["reasons"], queryFn: ({ signal }) => readReasons(signal), staleTime: 10 * 60_000 });
  const ways = useMemo<Way<AuthorizingWay>[]>(() => {
    const of = (use: ReasonUse) => (data ?? []).filter((reason) => reason.uses.includes(use));
    return [
      { id: "refuse", label: t("reject.authorization"), hint: t("reject.authorization.hint"), reasons: of("return"), marks: true },
      { id: "send-back", label: t("reject.sendBack"), hint: t("reject.sendBack.hint"), reasons: of("send_back") },
      { id: "hand_back", label: t("reject.handBack"), hint: t("reject.handBack.hint"), reasons: of("hand_back") },
    ];
  }, [data, t]);
  const confirm = ({ way, reason, note, boxed }: Rejected<AuthorizingWay>) => {
    done();
    if (way === "hand_back") return desk.commit((held, intent) => handBack(held, reason, note, intent), { counts: false });
    const box = boxed && active !== null ? placeOf(active) : null;
    desk.commit((held, intent) => refuseAuthorization(held, way, reason, note, box, intent));
  };
  return { ways, confirm };
}

function useAuthorizingKeys(working: boolean, task: AuthorizeTask | null, agree: () => void, reject: () => void, onTick: (index: number) => void): void {
  const { t } = useTranslation();
  useKeys(
    "page",
    [
      ...digitKeys("authorizing.tick", task?.checklist.length ?? 0, onTick, (no) => t("authorizing.tick", { no })),
      { id: "authorizing.approve", label: t("key.authorizing.approve"), keys: ["F9"], commit: true, run: agree },
      { id: "authorizing.refuse", label: t("key.authorizing.refuse"), keys: ["F8"], commit: true, run: reject },
    ],
    working,
  );
}
