// Choosing from a list by its printed number: one digit up to nine entries; beyond, the two digits of the reason's own code where they tell all apart.

export interface Choosing {
  /** Digits typed of a number that is not complete yet. */
  typed: string;
  chosen: number | null;
}

export const NOTHING: Choosing = { typed: "", chosen: null };

/** The numbers that are printed before the entries, by their codes such as `R05`. */
export function numbersOf(codes: readonly string[]): string[] {
  if (codes.length <= 9) return codes.map((_, index) => String(index + 1));
  const own = codes.map((code) => /\d\d$/.exec(code)?.[0] ?? "");
  const apart = new Set(own).size === own.length && !own.includes("");
  return apart ? own : codes.map((_, index) => String(index + 1).padStart(2, "0"));
}

/** One more digit; a number that names no entry starts anew with this digit. */
export function typeDigit(choosing: Choosing, digit: number, numbers: readonly string[]): Choosing {
  for (const typed of [choosing.typed + String(digit), String(digit)]) {
    const index = numbers.indexOf(typed);
    if (index >= 0) return { typed: "", chosen: index };
    if (numbers.some((number) => number.startsWith(typed))) return { typed, chosen: choosing.chosen };
  }
  return { typed: "", chosen: choosing.chosen };
}
