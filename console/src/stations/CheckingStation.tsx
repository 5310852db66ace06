// 审核台: the keyed fields beside the whole image, differences first.

import { useCallback, useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { CheckTask, Lease, QueueName, TaskPage } from "@/api/types";
import { useKeys } from "@/keys/KeyRouterProvider";
import { useLanguage } from "@/kit/language";
import { CANDIDATE_KEYS, CHECKING_FIELD, FieldEditor } from "./checking/FieldEditor";
import { FieldList } from "./checking/FieldList";
import { CAUSES, passed } from "./checking/settle";
import { useSettling, type Settling } from "./checking/useSettling";
import { boxesOn, placeOf, rectOn } from "./frame/boxes";
import { ItemHead } from "./frame/ItemHead";
import { keepFocus } from "./frame/focus";
import { PageZone } from "./frame/PageZone";
import { RejectDialog, type Rejected, type Way } from "./frame/RejectDialog";
import { StationFrame } from "./frame/StationFrame";
import { StationRoot } from "./frame/StationRoot";
import { handBack, passCheck, rejectCheck, type Rejection } from "./work/api";
import { pageName, useLook, useShelved } from "./work/useImages";
import { useStation } from "./work/StationContext";
import "./checking/checking.css";

const QUEUES: readonly QueueName[] = ["checking"];
/** The item in hand, the next one, and the last one, which waits for second thoughts. */
const CAPACITY = 3;
const FIELDS = [CHECKING_FIELD];
const NO_PAGES: readonly TaskPage[] = [];

export default function CheckingStation() {
  return (
    <StationRoot queues={QUEUES} capacity={CAPACITY}>
      <CheckingDesk />
    </StationRoot>
  );
}

function useDescription() {
  const { nameOf } = useLanguage();
  return (lease: Lease) => (lease.task.kind === "check" ? `${nameOf(lease.task.item.business_type)} ${lease.task.item.item_no}` : "");
}

function CheckingDesk() {
  const { t } = useTranslation();
  const { language, nameOf } = useLanguage();
  const { desk, state, shelf, phase } = useStation();
  const describe = useDescription();
  const lease = state.current;
  const task = lease?.task.kind === "check" ? lease.task : null;
  useShelved(shelf, lease, state.upcoming);
  const settling = useSettling(lease, task);
  const { active, left } = settling;
  const pages = task?.pages ?? NO_PAGES;
  const [at, setAt] = usePageOf(task, active?.page_id ?? null);
  const [rejecting, setRejecting] = useState(false);
  const [blocked, setBlocked] = useState(false);
  const id = lease?.work_item_id ?? null;
  useEffect(() => {
    setRejecting(false);
    setBlocked(false);
  }, [id]);

  const pass = () => {
    if (task === null) return;
    if (left.length > 0) {
      setBlocked(true);
      const first = left[0];
      if (first !== undefined) settling.go(first.code);
      return;
    }
    settling.close();
    const fields = passed(task.fields, settling.settlement);
    desk.commit((held, intent) => passCheck(held, fields, intent), { regret: true });
  };
  const why = left.length === 0 ? "" : t("checking.pass.blocked", { count: left.length, fields: left.map(nameOf).join(language === "zh" ? "、" : ", ") });
  const reject = useReject(task, active, pages[at]?.page_id ?? null, settling, () => setRejecting(false));
  useCheckingKeys(phase === "working", settling, pass, () => setRejecting(true));

  const boxes = useMemo(() => boxesOn(pages[at], task?.fields ?? [], active), [task, pages, at, active]);
  const fieldPage = pages.find((page) => page.page_id === active?.page_id) ?? null;
  const fieldImage = useLook(shelf, lease === null || fieldPage === null ? null : pageName(lease, fieldPage));
  return (
    <StationFrame title={t("station.checking")} describe={describe} fields={FIELDS} untouched={() => !settling.touched}>
      <div className="chk-zones">
        <PageZone lease={lease} pages={pages} at={at} onPage={setAt} shelf={shelf} target={rectOn(pages[at], active)} boxes={boxes} fields={FIELDS} />
        <div className="st-side">
          <ItemHead item={task?.item ?? null} lease={lease} />
          <FieldEditor
            workItemId={id} task={task} field={active} settling={settling} page={fieldPage} shelved={fieldImage}
            settled={active === null ? null : (settling.settlement[active.code] ?? null)}
          />
          <FieldList settling={settling} />
          <div className="st-acts">
            <p className="st-warn st-line" role="status">
              {blocked ? why : ""}
            </p>
            <button type="button" onMouseDown={keepFocus} onClick={() => setRejecting(true)}>{t("checking.reject")} <kbd>F8</kbd></button>
            <button type="button" className="st-primary" aria-disabled={left.length > 0} title={why} onMouseDown={keepFocus} onClick={pass}>
              {t("checking.pass")} <kbd>Ctrl+Enter</kbd>
            </button>
          </div>
        </div>
      </div>
      {rejecting && task !== null && (
        <RejectDialog title={t("reject.title")} ways={reject.ways} box={active === null || placeOf(active) === null ? null : nameOf(active)} onConfirm={reject.confirm} onClose={() => setRejecting(false)} />
      )}
    </StationFrame>
  );
}

/** The page that is shown: that of the field worked on, until another is turned to. */
function usePageOf(task: CheckTask | null, pageId: string | null): [number, (index: number) => void] {
  const [at, setAt] = useState(0);
  useEffect(() => {
    const index = task?.pages.findIndex((page) => page.page_id === pageId) ?? -1;
    setAt(Math.max(0, index));
  }, [task, pageId]);
  return [at, setAt];
}

type CheckingWay = Rejection | "hand_back";

function useReject(task: CheckTask | null, active: Settling["active"], page: string | null, settling: Settling, done: () => void) {
  const { t } = useTranslation();
  const { desk } = useStation();
  const ways = useMemo<Way<CheckingWay>[]>(() => {
    const of = (use: CheckingWay) => task?.reasons.filter((reason) => reason.uses.includes(use)) ?? [];
    return [
      { id: "return", label: t("reject.return"), hint: t("reject.return.hint"), reasons: of("return"), marks: true },
      { id: "rescan", label: t("reject.rescan"), hint: t("reject.rescan.hint"), reasons: of("rescan"), marks: true },
      { id: "refuse", label: t("reject.refuse"), hint: t("reject.refuse.hint"), reasons: of("refuse") },
      { id: "suspend", label: t("reject.suspend"), hint: t("reject.suspend.hint"), reasons: of("suspend") },
      { id: "hand_back", label: t("reject.handBack"), hint: t("reject.handBack.hint"), reasons: of("hand_back") },
    ];
  }, [task, t]);
  const confirm = useCallback(
    ({ way, reason, note, boxed }: Rejected<CheckingWay>) => {
      done();
      if (way === "hand_back") return desk.commit((held, intent) => handBack(held, reason, note, intent), { counts: false });
      settling.close();
      const place = boxed && active !== null ? placeOf(active) : null;
      const boxes = place === null ? [] : [place];
      desk.commit((held, intent) => rejectCheck(held, way, { reason, note, boxes, pages: page === null ? [] : [page] }, intent), { regret: true });
    },
    [desk, settling, active, page, done],
  );
  return { ways, confirm };
}

function useCheckingKeys(working: boolean, settling: Settling, pass: () => void, reject: () => void): void {
  const { t } = useTranslation();
  const bind = (id: string, label: string, keys: string[], run: () => void) => ({ id: `checking.${id}`, label, keys, inFields: FIELDS, run });
  useKeys(
    "field",
    [
      { ...bind("confirm", t("key.checking.confirm"), ["Enter", "NumpadEnter"], settling.confirm), commit: true },
      bind("next", t("key.checking.next"), ["ArrowDown"], () => settling.step(1)),
      bind("previous", t("key.checking.previous"), ["ArrowUp"], () => settling.step(-1)),
    ],
    working,
  );
  useKeys(
    "page",
    [
      ...CANDIDATE_KEYS.map((key, index) => ({ ...bind(`candidate.${String(index)}`, t("key.checking.candidate", { letter: "ABC".charAt(index) }), [key], () => settling.accept(index)), commit: true })),
      ...CAUSES.map((cause, index) => bind(`cause.${cause}`, t("key.checking.cause", { cause: t(`checking.cause.${cause}`) }), [`Alt+Digit${String(index + 1)}`], () => settling.mark(cause))),
      { ...bind("pass", t("key.checking.pass"), ["Ctrl+Enter", "Ctrl+NumpadEnter"], pass), commit: true },
      { ...bind("reject", t("key.checking.reject"), ["F8"], reject), commit: true },
    ],
    working,
  );
}
