// Where an item stands on its way through the center.
import { CheckOutlined, CloseOutlined, MinusOutlined } from "@ant-design/icons";
import { useTranslation } from "react-i18next";
import type { Item, ItemState, Stage } from "@/api/types";

const stages: Stage[] = ["capture", "keying", "checking", "authorizing", "posting", "confirming"];

/** Waiting for somebody to put something right. */
const stuck: ReadonlySet<ItemState> = new Set(["returned", "rescan", "suspended", "post_failed", "confirm_failed"]);

type Mark = "done" | "now" | "stuck" | "ahead" | "skipped";

type Way = Pick<Item, "stage" | "state" | "authorization_needed">;

/** What is said of a stage; one that the item had no need of is neither done nor to come. */
export function markOf(stage: Stage, { stage: now, state, authorization_needed }: Way): Mark {
  const [index, current] = [stages.indexOf(stage), stages.indexOf(now)];
  if (stage === "authorizing" && authorization_needed === false) return "skipped";
  if (state === "confirmed") return "done";
  if (index < current) return "done";
  if (index > current) return "ahead";
  return stuck.has(state) ? "stuck" : "now";
}

/** The six stages as one line of steps; `compact` leaves only the bars and the present word. */
export function StageTrack({ item, compact = false }: { item: Way; compact?: boolean }) {
  const { t } = useTranslation();
  // An item that ended early has no present stage: the badge beside says how it ended, the trace where.
  const { stage, state } = item;
  const label = t("stage.track", { stage: t(`stage.${stage}`), state: t(`state.${state}`) });
  return (
    <ol className={compact ? "sn-track sn-track-compact" : "sn-track"} aria-label={label}>
      {stages.map((one, index) => {
        const mark = markOf(one, item);
        return (
          <li key={one} className={`sn-track-${mark}`} aria-current={mark === "now" || mark === "stuck" ? "step" : undefined}>
            <span className="sn-track-dot" aria-hidden="true">
              {mark === "done" ? <CheckOutlined /> : mark === "stuck" ? <CloseOutlined /> : mark === "skipped" ? <MinusOutlined /> : index + 1}
            </span>
            {!compact && <span className="sn-track-word">{mark === "skipped" ? t("stage.skipped", { stage: t(`stage.${one}`) }) : t(`stage.${one}`)}</span>}
          </li>
        );
      })}
    </ol>
  );
}
