// Instants on screen, with what depends on now kept fresh.
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { formatInstant, formatSeconds, secondsBetween } from "./time";

/** An instant in full; a dash when there is none. */
export function DateTime({ value }: { value: string | null | undefined }) {
  if (value === null || value === undefined) return <span className="sn-faint">—</span>;
  return (
    <time dateTime={value} className="sn-number">
      {formatInstant(value)}
    </time>
  );
}

/** The present instant as text, renewed every `seconds`. */
export function useNow(seconds: number): string {
  const [now, setNow] = useState(() => new Date().toISOString());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date().toISOString()), seconds * 1000);
    return () => clearInterval(timer);
  }, [seconds]);
  return now;
}

/** How long something lasts already. */
export function Since({ value }: { value: string }) {
  const now = useNow(1);
  return <span className="sn-number">{formatSeconds(secondsBetween(value, now))}</span>;
}

/** Time left until due, or how late it is; late says so in words. */
export function DueIn({ due, overdue }: { due: string | null | undefined; overdue: boolean }) {
  const { t } = useTranslation();
  const now = useNow(10);
  if (due === null || due === undefined) return <span className="sn-faint">—</span>;
  const left = secondsBetween(now, due);
  if (overdue || left < 0) return <span className="sn-bad sn-number">{t("due.late", { time: formatSeconds(-left) })}</span>;
  return <span className={left < 300 ? "sn-warn sn-number" : "sn-number"}>{t("due.left", { time: formatSeconds(left) })}</span>;
}
