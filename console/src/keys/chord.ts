// A chord is what one keystroke says: its modifiers and its physical key, as text, such as `Ctrl+Enter`, `Alt+Digit1`, `NumpadAdd`.
// The key is `event.code`, never `event.key`: the keypad's Enter is not the main Enter, and an input method does not move a key.

/** The modifiers in the order in which a chord writes them. */
const MODIFIERS = ["Ctrl", "Alt", "Shift", "Meta"] as const;

const CODE = /^(Key[A-Z]|Digit\d|Numpad\w+|F\d{1,2}|Arrow(Up|Down|Left|Right)|Page(Up|Down)|Enter|Escape|Space|Tab|Home|End|Slash|Period|Comma|Minus|Equal|Backspace|Delete)$/;

/** The fields of a keyboard event that a chord is read from. */
export interface Keystroke {
  code: string;
  ctrlKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
  metaKey: boolean;
}

export function chordOf(stroke: Keystroke): string {
  const held = [stroke.ctrlKey, stroke.altKey, stroke.shiftKey, stroke.metaKey];
  return [...MODIFIERS.filter((_, index) => held[index]), stroke.code].join("+");
}

/** Says what is wrong with a chord's spelling, or null. */
export function misspelled(chord: string): string | null {
  const parts = chord.split("+");
  const code = parts.pop() ?? "";
  if (!CODE.test(code)) return `${chord}: "${code}" is not an event.code that a binding may use`;
  const known = MODIFIERS.filter((modifier) => parts.includes(modifier));
  return known.join("+") === parts.join("+") ? null : `${chord}: modifiers are written ${MODIFIERS.join("+")}, in this order, once`;
}

// What the browser, the system or the input method keeps for itself; a page that takes them away breaks habits or simply never gets them.
const RESERVED = new Set([
  "Ctrl+KeyW", "Ctrl+KeyT", "Ctrl+KeyN", "Ctrl+Shift+KeyW", "Ctrl+Shift+KeyT", "Ctrl+Shift+KeyN",
  "F1", "F3", "F5", "F6", "F7", "F10", "F11", "F12", "Ctrl+F5", "Ctrl+KeyR", "Ctrl+Shift+KeyR", "Alt+F4",
  "Ctrl+Tab", "Ctrl+Shift+Tab", "Ctrl+PageUp", "Ctrl+PageDown", "Alt+ArrowLeft", "Alt+ArrowRight", "Tab", "Shift+Tab",
  "Ctrl+KeyC", "Ctrl+KeyV", "Ctrl+KeyX", "Ctrl+KeyA",
  // Input methods: switching, full-width, punctuation.
  "Ctrl+Space", "Shift+Space", "Ctrl+Period",
]);

/** Says why a chord may not be bound, or null. */
export function reserved(chord: string): string | null {
  if (RESERVED.has(chord)) return `${chord} belongs to the browser or the input method`;
  if (chord.includes("Meta+")) return `${chord} belongs to the operating system`;
  if (/^Alt\+Numpad\d$/.test(chord)) return `${chord} types a character by its number`;
  return null;
}

/** Whether the keystroke could type or edit text: no Ctrl and no Alt. */
export function isUnmodified(chord: string): boolean {
  return !chord.includes("Ctrl+") && !chord.includes("Alt+");
}

const NAMES: Record<string, { zh: string; en: string }> = {
  Enter: { zh: "回车", en: "Enter" },
  Space: { zh: "空格", en: "Space" },
  Escape: { zh: "Esc", en: "Esc" },
  Slash: { zh: "/", en: "/" },
  Minus: { zh: "-", en: "-" },
  Equal: { zh: "=", en: "=" },
  ArrowUp: { zh: "↑", en: "↑" },
  ArrowDown: { zh: "↓", en: "↓" },
  ArrowLeft: { zh: "←", en: "←" },
  ArrowRight: { zh: "→", en: "→" },
  PageUp: { zh: "PgUp", en: "PgUp" },
  PageDown: { zh: "PgDn", en: "PgDn" },
};

const KEYPAD: Record<string, string> = { Add: "+", Subtract: "−", Multiply: "×", Divide: "÷", Decimal: ".", Enter: "Enter" };

/** A chord as it is shown to people: `Ctrl+Enter`, `小键盘 +`. */
export function chordLabel(chord: string, language: "zh" | "en"): string {
  const parts = chord.split("+");
  const code = parts.pop() ?? "";
  return [...parts, codeLabel(code, language)].join("+");
}

function codeLabel(code: string, language: "zh" | "en"): string {
  if (code.startsWith("Numpad")) {
    const key = code.slice("Numpad".length);
    return `${language === "zh" ? "小键盘" : "Keypad"} ${KEYPAD[key] ?? key}`;
  }
  if (code.startsWith("Digit") || code.startsWith("Key")) return code.slice(-1);
  return NAMES[code]?.[language] ?? code;
}
