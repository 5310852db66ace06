// 退票复核台: a second person decides whether a checker's refusal stands. Everything to see, nothing to change.

import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Lease, QueueName, RefusalReviewTask, TaskPage } from "@/api/types";
import { useKeys } from "@/keys/KeyRouterProvider";
import { useLanguage } from "@/kit/language";
import { formatInstant } from "@/kit/time";
import { boxesOn, rectOn } from "./frame/boxes";
import { Checks } from "./frame/Checks";
import { keepFocus } from "./frame/focus";
import { ItemHead } from "./frame/ItemHead";
import { PageZone } from "./frame/PageZone";
import { ReadOnlyFields, useFieldOnPage } from "./frame/ReadOnlyFields";
import { RejectDialog, type Way } from "./frame/RejectDialog";
import { StationFrame } from "./frame/StationFrame";
import { StationRoot } from "./frame/StationRoot";
import { overturnRefusal, upholdRefusal } from "./work/api";
import { useShelved } from "./work/useImages";
import { useStation } from "./work/StationContext";
import "./checking/checking.css";

const QUEUES: readonly QueueName[] = ["refusal_review"];
/** The item in hand, and the last one, which waits for second thoughts. */
const CAPACITY = 2;
const always = () => true;
const NO_FIELDS: readonly string[] = [];
const NO_PAGES: readonly TaskPage[] = [];

export default function RefusalReviewStation() {
  return (
    <StationRoot queues={QUEUES} capacity={CAPACITY}>
      <ReviewDesk />
    </StationRoot>
  );
}

function useDescription() {
  const { nameOf } = useLanguage();
  return (lease: Lease) => (lease.task.kind === "refusal_review" ? `${nameOf(lease.task.item.business_type)} ${lease.task.item.item_no}` : "");
}

function ReviewDesk() {
  const { t } = useTranslation();
  const { desk, state, shelf, phase } = useStation();
  const describe = useDescription();
  const lease = state.current;
  const id = lease?.work_item_id ?? null;
  const task = lease?.task.kind === "refusal_review" ? lease.task : null;
  useShelved(shelf, lease, state.upcoming);
  const pages = task?.pages ?? NO_PAGES;
  const { active, at, onPage, onActive } = useFieldOnPage(id, pages);
  const [overturning, setOverturning] = useState(false);
  const side = useRef<HTMLDivElement>(null);
  useEffect(() => {
    setOverturning(false);
    if (id !== null) side.current?.focus();
  }, [id]);

  const uphold = () => desk.commit((held, intent) => upholdRefusal(held, intent), { regret: true });
  const overturn: Way<"overturn"> = { id: "overturn", label: t("review.overturn"), hint: t("review.overturn.note"), reasons: null };
  useKeys(
    "page",
    [
      { id: "review.uphold", label: t("key.review.uphold"), keys: ["F9"], commit: true, run: uphold },
      { id: "review.overturn", label: t("key.review.overturn"), keys: ["F8"], commit: true, run: () => setOverturning(true) },
    ],
    phase === "working",
  );
  return (
    <StationFrame title={t("station.review")} describe={describe} fields={NO_FIELDS} untouched={always}>
      <div className="chk-zones">
        <PageZone
          lease={lease} pages={pages} at={at} onPage={onPage} shelf={shelf} target={rectOn(pages[at], active)}
          boxes={boxesOn(pages[at], task?.fields ?? [], active)} fields={NO_FIELDS}
        />
        <div ref={side} className="st-side" tabIndex={-1}>
          <ItemHead item={task?.item ?? null} lease={lease} />
          <Proposal task={task} />
          <Checks checks={task?.checks ?? []} />
          <ReadOnlyFields title={t("review.fields")} fields={task?.fields ?? []} active={active} onActive={onActive} />
          <div className="st-acts">
            <span className="st-grow" />
            <button type="button" onMouseDown={keepFocus} onClick={() => setOverturning(true)}>{t("review.overturn")} <kbd>F8</kbd></button>
            <button type="button" className="st-primary" onMouseDown={keepFocus} onClick={uphold}>{t("review.uphold")} <kbd>F9</kbd></button>
          </div>
        </div>
      </div>
      {overturning && (
        <RejectDialog
          title={t("review.overturn")}
          ways={[overturn]}
          box={null}
          onClose={() => setOverturning(false)}
          onConfirm={({ note }) => {
            setOverturning(false);
            desk.commit((held, intent) => overturnRefusal(held, note, intent), { regret: true });
          }}
        />
      )}
    </StationFrame>
  );
}

/** Why the checker wants to refuse; not who the checker is. */
function Proposal({ task }: { task: RefusalReviewTask | null }) {
  const { t } = useTranslation();
  const { nameOf } = useLanguage();
  const proposal = task?.proposal ?? null;
  const reason = proposal?.reason ?? null;
  const note = proposal?.note ?? "";
  return (
    <section className="rev-proposal" aria-label={t("review.proposal")}>
      <h2>{t("review.proposal")}</h2>
      <p className="aut-big">{reason === null ? "" : nameOf(reason)}</p>
      <p>{proposal === null ? "" : note === "" ? t("review.note.none") : note}</p>
      <p className="st-faint st-number">{proposal === null ? "" : t("review.at", { time: formatInstant(proposal.at) })}</p>
    </section>
  );
}
