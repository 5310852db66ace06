// Instants arrive in UTC and are read in the bank's time; dates are the bank's own and never shifted.

/** All of China keeps one time; a bank's terminals may be set to another. */
const zone = "Asia/Shanghai";

const parts = new Intl.DateTimeFormat("en-GB", {
  timeZone: zone,
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
});

function fieldsOf(instant: string): Record<string, string> | undefined {
  const date = new Date(instant);
  if (Number.isNaN(date.getTime())) return undefined;
  return Object.fromEntries(parts.formatToParts(date).map((part) => [part.type, part.value]));
}

/** `2026-11-23 15:04:05`, or as given when it is not an instant. */
export function formatInstant(instant: string): string {
  const f = fieldsOf(instant);
  return f === undefined ? instant : `${f["year"] ?? ""}-${f["month"] ?? ""}-${f["day"] ?? ""} ${f["hour"] ?? ""}:${f["minute"] ?? ""}:${f["second"] ?? ""}`;
}

/** `15:04`. */
export function formatClock(instant: string): string {
  const f = fieldsOf(instant);
  return f === undefined ? instant : `${f["hour"] ?? ""}:${f["minute"] ?? ""}`;
}

/** `11-23`. */
export function formatDay(instant: string): string {
  const f = fieldsOf(instant);
  return f === undefined ? instant : `${f["month"] ?? ""}-${f["day"] ?? ""}`;
}

/** The bank's date of an instant, `2026-11-23`. */
export function dateOf(instant: string): string {
  return formatInstant(instant).slice(0, 10);
}

/** Seconds from `from` until `until`; negative when past. */
export function secondsBetween(from: string, until: string): number {
  return Math.round((new Date(until).getTime() - new Date(from).getTime()) / 1000);
}

/** `0:42`, `12:05`, `1:02:05`: fixed width, so that a column of them stays aligned. */
export function formatSeconds(seconds: number): string {
  const total = Math.max(0, Math.round(seconds));
  const hours = Math.floor(total / 3600);
  const minutes = Math.floor((total % 3600) / 60);
  const rest = String(total % 60).padStart(2, "0");
  return hours > 0 ? `${String(hours)}:${String(minutes).padStart(2, "0")}:${rest}` : `${String(minutes)}:${rest}`;
}

/** A share given in permille, as `98.5 %`. */
export function formatPermille(permille: number): string {
  const sign = permille < 0 ? "-" : "";
  const value = Math.abs(Math.round(permille));
  return `${sign}${String(Math.floor(value / 10))}.${String(value % 10)}%`;
}

/** A count with thousands, as figures are read in a bank. */
export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}
