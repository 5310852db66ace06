// Why one steps away: a digit chooses.

import { useTranslation } from "react-i18next";
import type { ChosenBreak } from "@/api/types";
import { useKeys } from "@/keys/KeyRouterProvider";
import { digitKeys } from "./digits";
import { Modal } from "./Modal";

const REASONS: readonly ChosenBreak[] = ["break", "meal", "training", "meeting", "fault"];

export function AwayDialog({ onChoose, onClose }: { onChoose: (reason: ChosenBreak) => void; onClose: () => void }) {
  const { t } = useTranslation();
  useKeys("dialog", [
    ...digitKeys("station.away", REASONS.length, (index) => {
      const reason = REASONS[index];
      if (reason !== undefined) onChoose(reason);
    }, (no) => t("key.choose", { no })),
    { id: "station.away.close", label: t("key.station.away.close"), keys: ["Escape"], run: onClose },
  ]);
  return (
    <Modal title={t("station.presence.choose.title")} onClose={onClose}>
      <p>{t("station.presence.choose.note")}</p>
      <ol className="st-choices">
        {REASONS.map((reason, index) => (
          <li key={reason}>
            <button type="button" onClick={() => onChoose(reason)}>
              <kbd>{index + 1}</kbd> {t(`station.presence.${reason}`)}
            </button>
          </li>
        ))}
      </ol>
      <button type="button" onClick={onClose}>{t("reject.cancel")}</button>
    </Modal>
  );
}
