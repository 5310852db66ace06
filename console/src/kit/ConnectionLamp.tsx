// Whether news from the server arrives: lamp and word, never color alone.
import { useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";

export type Connection = "connecting" | "live" | "degraded" | "offline";

export function ConnectionLamp({ state }: { state: Connection }) {
  const { t } = useTranslation();
  return (
    <span className={`sn-lamp sn-lamp-${state}`} role="status" title={t(`connection.${state}.hint`)}>
      <span className="sn-lamp-light" aria-hidden="true" />
      {t(`connection.${state}`)}
    </span>
  );
}

/** What the browser itself knows of the line; pages without a stream show this. */
export function useBrowserConnection(): Connection {
  const online = useSyncExternalStore(
    (changed) => {
      window.addEventListener("online", changed);
      window.addEventListener("offline", changed);
      return () => {
        window.removeEventListener("online", changed);
        window.removeEventListener("offline", changed);
      };
    },
    () => navigator.onLine,
  );
  return online ? "live" : "offline";
}
