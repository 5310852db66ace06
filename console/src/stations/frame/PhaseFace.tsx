// The face for each phase that is not work.

import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { Since, useNow } from "@/kit/DateTime";
import { useKeys } from "@/keys/KeyRouterProvider";
import { paths } from "@/paths";
import { useWorkStream } from "@/stream/WorkStreamProvider";
import { useSentences } from "../work/sentences";
import { useStation } from "../work/StationContext";
import { awayReason } from "./awayReason";
import { Face } from "./Face";

/** Space and Enter work even when the focus was lost to the page; on a button they are that button's own. */
const nothingFocused = () => document.activeElement === null || document.activeElement === document.body;

export function PhaseFace() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { problem: sentence } = useSentences();
  const { phase, stream, presence } = useStation();
  const problem = presence.problem === null ? undefined : `${t("station.presence.failed")}${": "}${sentence(presence.problem)}`;
  const connection = useWorkStream();
  const unconnected = stream.presence === null && (phase === "connecting" || phase === "offline");
  const asks = phase === "not_ready" || phase === "away" || phase === "wrap_up" || unconnected;
  useKeys(
    "page",
    [{ id: "station.ready", label: t("key.station.ready"), keys: ["Space", "Enter", "NumpadEnter"], commit: true, when: nothingFocused, run: presence.ready }],
    asks,
  );

  switch (phase) {
    case "working":
      return null;
    case "signed_out":
      return (
        <Face
          title={t("station.signedOut.title")}
          hint={t("station.signedOut.hint")}
          act={{ label: t("station.signedOut.again"), run: () => void navigate(paths.signIn()) }}
        />
      );
    case "superseded":
      return <Face title={t("station.elsewhere.title")} hint={t("station.elsewhere.hint")} act={{ label: t("station.elsewhere.take"), run: () => connection.wake() }} />;
    case "connecting":
      return <Face title={t("station.connecting.title")} hint={t(presence.readyWanted ? "station.ready.wanted" : "station.connecting.hint")} />;
    case "offline":
      return <Face title={t("station.offline.title")} hint={t(presence.readyWanted ? "station.ready.wanted" : "station.offline.hint")} />;
    case "finishing":
      return <Face title={t("station.finishing.title")} hint={t("station.finishing.hint")} problem={problem} />;
    case "wrap_up":
      return (
        <Face
          title={t("station.wrapUp.title")}
          hint={t("station.wrapUp.hint")}
          act={{ label: t("station.wrapUp.continue"), run: presence.ready, busy: presence.changing }}
          problem={problem}
        >
          <Left until={stream.presence?.until ?? null} />
        </Face>
      );
    case "waiting":
      return <Face title={t("station.waiting.title")} hint={t("station.waiting.hint")} />;
    case "not_ready":
      return (
        <Face
          title={t("station.ready.title")}
          hint={t("station.ready.hint")}
          act={{ label: t("station.ready"), run: presence.ready, busy: presence.changing }}
          problem={problem}
        />
      );
    case "away": {
      const reason = awayReason(stream.presence?.reason);
      const byEngine = reason === "missed" || reason === "away";
      return (
        <Face
          title={byEngine ? t(`station.stopped.${reason}`) : t("station.break.title", { reason: t(`station.presence.${reason}`) })}
          hint={byEngine ? t("station.stopped.hint") : t("station.break.hint")}
          act={{ label: t("station.break.back"), run: presence.ready, busy: presence.changing }}
          problem={problem}
        >
          {stream.presence !== null && <AwayFor since={stream.presence.since} />}
        </Face>
      );
    }
  }
}

/** The seconds that are left; the server ends them, so a clock that runs wrong here only shows none. */
function Left({ until }: { until: string | null }) {
  const { t } = useTranslation();
  const now = useNow(1);
  const seconds = until === null ? 0 : Math.ceil((Date.parse(until) - Date.parse(now)) / 1000);
  return <p className="st-clock">{seconds > 0 ? t("station.wrapUp.left", { seconds }) : ""}</p>;
}

function AwayFor({ since }: { since: string }) {
  return (
    <p className="st-clock">
      <Since value={since} />
    </p>
  );
}
