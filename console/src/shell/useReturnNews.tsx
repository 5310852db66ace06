// What the center sends back is told at the outlet at once, wherever somebody is in the office pages: a line with a link, and a quiet sound. Good news stays silent.
import { App } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { readItem } from "@/api/processing";
import { useSession } from "@/api/session";
import type { ItemDetail } from "@/api/types";
import { useLanguage } from "@/kit/language";
import { Sounds } from "@/kit/sounds";
import { paths } from "@/paths";
import { useStreamEvents } from "@/stream/WorkStreamProvider";

const SENT_BACK: ReadonlySet<string> = new Set(["returned", "rescan", "refused", "post_failed"]);
/** What the outlet puts right by changing its pages. */
const FIXED_BY_CAPTURE: ReadonlySet<string> = new Set(["returned", "rescan"]);
/** Long enough to be read while a customer is served. */
const SHOWN_SECONDS = 12;

export function useReturnNews(): void {
  const { can } = useSession();
  const { message } = App.useApp();
  const navigate = useNavigate();
  const sounds = useAllowedSounds();
  const outlet = can("item.capture");
  useStreamEvents((event) => {
    if (!outlet || event.type !== "item" || !SENT_BACK.has(event.state)) return;
    readItem(event.item_id).then(
      (item) => {
        // It may have gone on since.
        if (!SENT_BACK.has(item.state)) return;
        sounds.play("message");
        const open = () => {
          message.destroy(item.item_id);
          void navigate(FIXED_BY_CAPTURE.has(item.state) ? paths.captureItem(item.item_id) : paths.item(item.item_id));
        };
        void message.warning({ key: item.item_id, content: <News item={item} onOpen={open} />, duration: SHOWN_SECONDS });
      },
      // Whoever may not read the item is not told of it; the lists show what they may.
      () => undefined,
    );
  });
}

/** A button and no link: messages are drawn outside the router. */
function News({ item, onOpen }: { item: ItemDetail; onOpen: () => void }) {
  const { t } = useTranslation();
  const { nameOf } = useLanguage();
  const reason = item.reason ?? undefined;
  return (
    <button type="button" className="sn-news" onClick={onOpen}>
      {t("shell.sentBack", { no: item.item_no, state: t(`state.${item.state}`), reason: reason === undefined ? t("shell.sentBack.look") : nameOf(reason) })}
    </button>
  );
}

/** Browsers let a page sound once somebody has pressed something in it. */
function useAllowedSounds(): Sounds {
  const [sounds] = useState(() => new Sounds());
  useEffect(() => {
    const allow = () => sounds.allow();
    window.addEventListener("pointerdown", allow, { once: true });
    window.addEventListener("keydown", allow, { once: true });
    return () => {
      window.removeEventListener("pointerdown", allow);
      window.removeEventListener("keydown", allow);
    };
  }, [sounds]);
  return sounds;
}
