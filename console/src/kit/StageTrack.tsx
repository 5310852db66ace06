// Where an item stands on its way through the center.
import { CheckOutlined, CloseOutlined } from "@ant-design/icons";
import { useTranslation } from "react-i18next";
import type { ItemState, Stage } from "@/api/types";

const stages: Stage[] = ["capture", "keying", "checking", "authorizing", "posting", "confirming"];

/** Waiting for somebody to put something right. */
const stuck: ReadonlySet<ItemState> = new Set(["returned", "rescan", "suspended", "post_failed", "confirm_failed"]);

type Mark = "done" | "now" | "stuck" | "ahead";

function markOf(index: number, current: number, state: ItemState): Mark {
  if (state === "confirmed") return "done";
  if (index < current) return "done";
  if (index > current) return "ahead";
  return stuck.has(state) ? "stuck" : "now";
}

/** The six stages as one line of steps; `compact` leaves only the bars and the present word. */
export function StageTrack({ stage, state, compact = false }: { stage: Stage; state: ItemState; compact?: boolean }) {
  const { t } = useTranslation();
  // An item that ended early has no present stage: the badge beside says how it ended, the trace where.
  const current = stages.indexOf(stage);
  const label = t("stage.track", { stage: t(`stage.${stage}`), state: t(`state.${state}`) });
  return (
    <ol className={compact ? "sn-track sn-track-compact" : "sn-track"} aria-label={label}>
      {stages.map((one, index) => {
        const mark = markOf(index, current, state);
        return (
          <li key={one} className={`sn-track-${mark}`} aria-current={mark === "now" || mark === "stuck" ? "step" : undefined}>
            <span className="sn-track-dot" aria-hidden="true">
              {mark === "done" ? <CheckOutlined /> : mark === "stuck" ? <CloseOutlined /> : index + 1}
            </span>
            {!compact && <span className="sn-track-word">{t(`stage.${one}`)}</span>}
          </li>
        );
      })}
    </ol>
  );
}
