// A language that nobody speaks: every text a third longer, in brackets and with accents, so that one sees
// what was never translated and what has no room to grow. Shown by `?locale=pseudo` in the address at loading.

const ACCENTS: Record<string, string> = { a: "á", e: "é", i: "í", o: "ó", u: "ú", A: "Á", E: "É", I: "Í", O: "Ó", U: "Ú", n: "ñ", c: "ç" };

/** The text in brackets; what is filled in stays as it is. */
export function pseudo(text: string): string {
  const parts = text.split(/(\{\{[^}]*\}\})/);
  const said = parts.map((part) => (part.startsWith("{{") ? part : Array.from(part, (letter) => ACCENTS[letter] ?? letter).join(""))).join("");
  const letters = parts.filter((part) => !part.startsWith("{{")).join("").length;
  return `⟦${said}${"·".repeat(Math.ceil(letters * 0.3))}⟧`;
}

/** Whether the address asks for it. */
export const wantsPseudo = (search: string): boolean => new URLSearchParams(search).get("locale") === "pseudo";

export function pseudoTexts<K extends string>(texts: Record<K, string>): Record<K, string> {
  return Object.fromEntries(Object.entries<string>(texts).map(([key, text]) => [key, pseudo(text)])) as Record<K, string>;
}
