// Choosing from a list by its printed number: one digit up to nine entries, two digits beyond.

export interface Choosing {
  /** Digits typed of a number that is not complete yet. */
  typed: string;
  chosen: number | null;
}

export const NOTHING: Choosing = { typed: "", chosen: null };

/** The number that is printed before an entry. */
export function numberOf(index: number, count: number): string {
  return String(index + 1).padStart(count > 9 ? 2 : 1, "0");
}

/** One more digit; a number that names no entry starts anew. */
export function typeDigit(choosing: Choosing, digit: number, count: number): Choosing {
  const typed = choosing.typed + String(digit);
  const length = count > 9 ? 2 : 1;
  if (typed.length < length) return { typed, chosen: choosing.chosen };
  const index = Number.parseInt(typed, 10) - 1;
  return { typed: "", chosen: index >= 0 && index < count ? index : choosing.chosen };
}
