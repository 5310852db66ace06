// Exact amounts: text and integer minor units, never a floating number.
import type { Money } from "@/api/types";

/** Digits after the point where they are not two (ISO 4217). */
const unusualDigits: Record<string, number> = { JPY: 0, KRW: 0, VND: 0, CLP: 0, BHD: 3, KWD: 3, OMR: 3, TND: 3, JOD: 3 };

const symbols: Record<string, string> = { CNY: "¥", USD: "US$", EUR: "€", GBP: "£", HKD: "HK$", JPY: "JP¥" };

export function minorDigits(currency: string): number {
  return unusualDigits[currency] ?? 2;
}

/** `1234567` minor units of CNY as `12,345.67`. */
export function formatMinor(minor: string, currency: string): string {
  const digits = minorDigits(currency);
  const negative = minor.startsWith("-");
  const whole = (negative ? minor.slice(1) : minor).padStart(digits + 1, "0");
  const integer = whole.slice(0, whole.length - digits).replace(/\B(?=(\d{3})+$)/g, ",");
  const fraction = digits === 0 ? "" : `.${whole.slice(whole.length - digits)}`;
  return `${negative ? "-" : ""}${integer}${fraction}`;
}

/** With the currency's sign, such as `¥12,345.67`. */
export function formatMoney(money: Money): string {
  const symbol = symbols[money.currency] ?? `${money.currency} `;
  const text = formatMinor(money.minor, money.currency);
  return text.startsWith("-") ? `-${symbol}${text.slice(1)}` : `${symbol}${text}`;
}

export type AmountFault = "empty" | "not_a_number" | "too_many_decimals" | "too_long";

/** Full-width digits and signs that an input method leaves behind, as plain ones. */
export function halfWidth(text: string): string {
  return text
    .replace(/[０-９]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0))
    .replace(/[．。]/g, ".")
    .replace(/[，、]/g, ",")
    .replace(/－/g, "-")
    .replace(/[\s\u3000]/g, "");
}

/** Reads what a person typed as exact minor units; refuses what would lose precision. */
export function parseAmount(text: string, currency: string): { minor: string } | { fault: AmountFault } {
  const plain = halfWidth(text).replace(/^[¥￥]/, "");
  if (plain === "") return { fault: "empty" };
  if (!/^-?(\d+|\d{1,3}(,\d{3})+)(\.\d*)?$/.test(plain)) return { fault: "not_a_number" };
  const [integer = "", fraction = ""] = plain.replace(/,/g, "").split(".");
  const digits = minorDigits(currency);
  if (fraction.length > digits) return { fault: "too_many_decimals" };
  const minor = BigInt(integer.replace("-", "") + fraction.padEnd(digits, "0"));
  // i64 is what the books hold.
  if (minor > 9_223_372_036_854_775_807n) return { fault: "too_long" };
  return { minor: String(plain.startsWith("-") ? -minor : minor) };
}
