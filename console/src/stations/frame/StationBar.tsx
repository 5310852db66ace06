// The bar: where one is, who one is, whether one is ready, whether the line is up.

import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { useEffect, useRef, useState } from "react";
import { useMe } from "@/api/session";
import { useKeyRegistry, useKeys } from "@/keys/KeyRouterProvider";
import { KeySheet } from "@/keys/KeySheet";
import { useLanguage } from "@/kit/language";
import { paths } from "@/paths";
import { LOUDNESS, setPreferences, usePreferences } from "@/kit/preferences";
import type { Lamp } from "@/stream/client";
import { useStation } from "../work/StationContext";
import { awayReason } from "./awayReason";
import { keepFocus } from "./focus";
import { useFullScreen } from "./fullScreen";

export function StationBar({ title, onAway }: { title: string; onAway: () => void }) {
  const { t } = useTranslation();
  const { language } = useLanguage();
  const me = useMe();
  const { state, stream, sounds } = useStation();
  const { sound } = usePreferences();
  const screen = useFullScreen();
  const [keys, setKeys] = useState(false);
  const registry = useKeyRegistry();
  useKeys("page", [{ id: "station.focus", label: t("key.station.focus"), keys: ["Alt+Enter"], commit: true, run: screen.toggle }]);
  return (
    <header className="st-bar">
      <span className="st-mark" aria-hidden="true">{t("product.name")}</span>
      <h1>{title}</h1>
      <PresenceControl onAway={onAway} />
      <span className="st-grow" />
      <span className="st-sending">{state.mayTakeBack ? t("station.regret") : state.sending > 0 ? t("station.sending", { count: state.sending }) : ""}</span>
      <LampSign lamp={stream.lamp} />
      <span className="st-person">{t("station.person", { name: me.name, no: me.employee_no })}</span>
      <button
        type="button"
        title={t("station.sound.hint")}
        onMouseDown={keepFocus}
        onClick={() => {
          setPreferences({ sound: LOUDNESS[(LOUDNESS.indexOf(sound) + 1) % LOUDNESS.length] ?? "full" });
          sounds.allow();
          sounds.play("arrived");
        }}
      >
        {t(`station.sound.${sound}`)}
      </button>
      <button type="button" aria-pressed={screen.on} title={`${t("station.focus.hint")} (Alt+Enter)`} onMouseDown={keepFocus} onClick={screen.toggle}>
        {t("station.focus")}
      </button>
      <button type="button" onMouseDown={keepFocus} onClick={() => setKeys(true)}>
        {t("station.keys")} <kbd>Ctrl+/</kbd>
      </button>
      <button
        type="button"
        lang={language === "zh" ? "en" : "zh-CN"}
        onMouseDown={keepFocus}
        onClick={() => setPreferences({ language: language === "zh" ? "en" : "zh" })}
      >
        {t("station.language")}
      </button>
      <Exit />
      {keys && <KeySheet registry={registry} onClose={() => setKeys(false)} />}
    </header>
  );
}

/** Lamp and word: the color alone says nothing. */
function LampSign({ lamp }: { lamp: Lamp }) {
  const { t } = useTranslation();
  return (
    <span className={`st-lamp st-lamp-${lamp}`} role="status" title={t(`station.lamp.${lamp}.hint`)}>
      <i aria-hidden="true" />
      {t(`station.lamp.${lamp}`)}
    </span>
  );
}

function PresenceControl({ onAway }: { onAway: () => void }) {
  const { t } = useTranslation();
  const { stream, presence, phase, state } = useStation();
  const shown = stream.presence;
  const reason = presence.pauseWanted;
  const known = shown?.state === "break" ? awayReason(shown.reason) : state.current !== null ? "busy" : (shown?.state ?? "signed_out");
  const name = reason !== null
    ? t("station.presence.holding", { reason: t(`station.presence.${reason}`) })
    : t(`station.presence.${known}`);
  const may = phase === "working" || phase === "waiting" || phase === "wrap_up" || phase === "finishing";
  return (
    <div className="st-presence" role="group" aria-label={t("station.presence")}>
      <span className={`st-chip ${may && reason === null ? "st-chip-on" : ""}`} role="status">{name}</span>
      {reason === null ? (
        <button type="button" disabled={!may} onMouseDown={keepFocus} onClick={onAway}>
          {t("station.presence.choose")}
        </button>
      ) : (
        <button type="button" onMouseDown={keepFocus} onClick={presence.cancelPause}>
          {t("station.presence.pause.cancel")}
        </button>
      )}
    </div>
  );
}

function Exit() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { desk, state, stream, presence } = useStation();
  const [leaving, setLeaving] = useState(false);
  const sent = state.sending === 0 && !state.regret;
  const refused = state.notice?.kind === "refused";
  const leave = async () => {
    // Without a line the server takes the work back by itself; nobody is kept in the station by a broken cable.
    const signedOut = stream.lamp === "offline" || stream.signedOut || (await presence.leave());
    if (signedOut) await navigate(paths.home());
  };
  const latest = useRef(leave);
  useEffect(() => {
    latest.current = leave;
  });
  // What still waited for second thoughts goes first; when it comes back refused, one stays to see why.
  useEffect(() => {
    if (!leaving || !sent) return;
    setLeaving(false);
    if (!refused) void latest.current();
  }, [leaving, sent, refused]);
  return (
    <button
      type="button"
      aria-disabled={state.sending > 0}
      title={state.sending > 0 ? t("station.exit.sending", { count: state.sending }) : t("station.exit.hint")}
      onMouseDown={keepFocus}
      onClick={() => {
        if (state.sending > 0) return;
        desk.sendNow();
        setLeaving(true);
      }}
    >
      {t("station.exit")}
    </button>
  );
}
