// What is keyed, made readable beside the field, and what an input method did to figures, undone. Texts only: no amount is ever a float.

/** Kinds whose entries are figures and codes, where full-width characters are an input method's doing. */
const FIGURES = new Set(["amount", "date", "account", "bank_code", "id_number", "count"]);

export function isFigures(kind: string): boolean {
  return FIGURES.has(kind);
}

const PUNCTUATION = new Map([["。", "."], ["、", ","], ["　", " "], ["￥", "¥"], ["—", "-"], ["－", "-"], ["·", "."]]);

/** Half-width for full-width, and how many characters were repaired: a hint for training, not an error. */
export function repairWidth(text: string): { text: string; repaired: number } {
  let repaired = 0;
  const fixed = Array.from(text, (glyph) => {
    const code = glyph.codePointAt(0) ?? 0;
    const half = PUNCTUATION.get(glyph) ?? (code >= 0xff01 && code <= 0xff5e ? String.fromCodePoint(code - 0xfee0) : glyph);
    if (half !== glyph) repaired += 1;
    return half;
  }).join("");
  return { text: fixed, repaired };
}

/** Minor units of an amount keyed in figures with at most two decimals; null when it is none. */
export function minorOf(text: string): bigint | null {
  const parts = /^(\d{1,16}|\d{1,3}(?:,\d{3}){1,5})(?:\.(\d{0,2}))?$|^\.(\d{1,2})$/.exec(text.replace(/[\s¥]/g, ""));
  if (parts === null) return null;
  const whole = (parts[1] ?? "0").replaceAll(",", "");
  const cents = (parts[2] ?? parts[3] ?? "").padEnd(2, "0");
  return BigInt(whole + cents);
}

/** `123456` minor units as `1,234.56`. */
export function thousands(minor: bigint): string {
  const text = minor.toString().padStart(3, "0");
  const whole = text.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ",");
  return `${whole}.${text.slice(-2)}`;
}

/** An account number in groups of four, the way it is printed on cards and read aloud. */
export function groupedByFour(text: string): string {
  return text.replace(/[\s-]/g, "").replace(/(.{4})(?=.)/g, "$1 ");
}

/**
 * The calendar date that eight figures or a date with separators mean, as `2026-11-23`; null when they mean none.
 * As on the server, of figures with separators the day comes first unless a year of four figures leads, and years of two figures are 1980 to 2079.
 */
export function dateOf(text: string): string | null {
  const trimmed = text.trim();
  const figures = /^(\d{4})(\d{2})(\d{2})$/.exec(trimmed);
  const parts = figures === null ? trimmed.split(/[-/.,年月日\s]+/).filter((part) => part !== "") : figures.slice(1);
  if (parts.length !== 3 || !parts.every((part) => /^\d{1,4}$/.test(part))) return null;
  const [year, month, day] = parts[0]?.length === 4 ? parts : [...parts].reverse();
  if (year === undefined || month === undefined || day === undefined || year.length % 2 === 1) return null;
  const whole = year.length === 4 ? year : `${year >= "80" ? "19" : "20"}${year}`;
  const iso = `${whole}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
  return exists(iso) ? iso : null;
}

function exists(iso: string): boolean {
  const date = new Date(`${iso}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(iso);
}

/** Whether the twelfth figure of a bank code fits the others (ISO 7064 MOD 11,10). */
export function bankCodeFits(code: string): boolean {
  if (!/^\d{12}$/.test(code)) return false;
  let product = 10;
  for (const figure of code.slice(0, 11)) {
    const sum = (product + Number.parseInt(figure, 10)) % 10;
    product = ((sum === 0 ? 10 : sum) * 2) % 11;
  }
  return (11 - product) % 10 === Number.parseInt(code.slice(11), 10);
}

const CITIZEN_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** Whether the last character of an 18-figure citizen number fits the others (GB 11643, ISO 7064 MOD 11-2). */
export function citizenIdFits(id: string): boolean {
  if (!/^\d{17}[\dX]$/.test(id)) return false;
  const sum = CITIZEN_WEIGHTS.reduce((total, weight, index) => total + weight * Number.parseInt(id.charAt(index), 10), 0);
  return "10X98765432".charAt(sum % 11) === id.charAt(17);
}
