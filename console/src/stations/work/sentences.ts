// What went wrong, and what to do, as one sentence in the language of the station.

import { useTranslation } from "react-i18next";
import { ApiProblem, OfflineError } from "@/api/client";
import { useLanguage } from "@/kit/language";
import type { Notice } from "./desk";

export function useSentences() {
  const { t } = useTranslation();
  const { language, pick } = useLanguage();

  const problem = (error: unknown): string => {
    if (error instanceof OfflineError) return t("station.problem.offline");
    const sentence = error instanceof ApiProblem ? error.text(language) : "";
    const trace = error instanceof ApiProblem && error.status >= 500 ? error.traceId : undefined;
    return (sentence === "" ? t("station.problem.fault") : sentence) + (trace === undefined ? "" : t("station.problem.trace", { id: trace }));
  };

  const why = (reason: string): string => {
    switch (reason) {
      case "expired":
      case "reassigned":
      case "released":
      case "cancelled":
      case "connection_lost":
        return t(`station.why.${reason}`);
      default:
        return t("station.why.other");
    }
  };

  /** `inHand` is the work on the screen: what came back is spoken of differently once it is there. */
  const notice = (said: Notice, inHand: string | undefined, stillHeld: boolean): string => {
    switch (said.kind) {
      case "refused": {
        const sentence = problem(said.problem);
        if (said.workItemId === inHand) return t("station.notice.refusedHere", { sentence });
        return stillHeld ? t("station.notice.refused", { sentence }) : t("station.notice.lostCommit", { sentence });
      }
      case "lost":
        return t("station.notice.lost", { why: why(said.why) });
      case "message":
        return t("station.notice.from", { from: said.from, text: pick(said.zh, said.en) ?? "" });
      case "taken_back":
        return t("station.notice.takenBack");
      case "too_late":
        return t("station.notice.tooLate");
    }
  };

  return { problem, notice };
}
