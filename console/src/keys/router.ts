// Hears every keydown once, before any widget, and gives it to the registry unless it belongs to an input method.
//
// An Enter that ends a composition must never commit: it chooses a candidate.
// Chromium sends it as keydown with keyCode 229 before `compositionend`; Safari sends it after, with `isComposing` already false;
// some input methods of domestic browsers send it after `compositionend` as a plain Enter. All three are dropped.

import type { FocusedField, KeyRegistry } from "./registry";

/** A keydown this soon after the end of a composition is the press that ended it; no hand is faster. */
const COMPOSITION_ECHO_MS = 40;

/** The keyCode of a keystroke that an input method has taken. */
const TAKEN_BY_INPUT_METHOD = 229;

export class KeyRouter {
  #registry: KeyRegistry;
  #compositionEnded = Number.NEGATIVE_INFINITY;

  constructor(registry: KeyRegistry) {
    this.#registry = registry;
  }

  /** Listens on the window's capture phase; returns what ends it. */
  listen(target: Window): () => void {
    const keydown = (event: KeyboardEvent) => this.handle(event);
    const ended = (event: Event) => {
      this.#compositionEnded = event.timeStamp;
    };
    target.addEventListener("keydown", keydown, { capture: true });
    target.addEventListener("compositionend", ended, { capture: true });
    return () => {
      target.removeEventListener("keydown", keydown, { capture: true });
      target.removeEventListener("compositionend", ended, { capture: true });
    };
  }

  handle(event: KeyboardEvent): void {
    if (this.#belongsToInputMethod(event) || isCharacterOfThirdLevel(event)) return;
    if (this.#registry.tell(event)) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    const found = this.#registry.resolve(event, focusedField(event.target));
    if (found.kind === "none") return;
    // Taken even when it is a repeat that does nothing: else the browser would press the focused button with it.
    event.preventDefault();
    event.stopPropagation();
    if (event.repeat && found.binding.commit === true) return;
    found.binding.run();
  }

  #belongsToInputMethod(event: KeyboardEvent): boolean {
    // The one use of keyCode: it is the only sign that some browsers give.
    if (event.isComposing || event.keyCode === TAKEN_BY_INPUT_METHOD) return true;
    const endsComposition = event.code === "Enter" || event.code === "NumpadEnter" || event.code === "Space";
    return endsComposition && event.timeStamp - this.#compositionEnded < COMPOSITION_ECHO_MS;
  }
}

/** AltGr reports itself as Ctrl+Alt on Windows; it types characters. */
function isCharacterOfThirdLevel(event: KeyboardEvent): boolean {
  return event.getModifierState("AltGraph");
}

const NOT_TEXT = new Set(["button", "checkbox", "color", "file", "image", "radio", "range", "reset", "submit"]);

/** The field that a keystroke goes to; its name is its own `data-keys-field`, for text also that of the nearest element around it. */
export function focusedField(target: EventTarget | null): FocusedField {
  if (!(target instanceof Element)) return null;
  const isText =
    (target instanceof HTMLInputElement && !NOT_TEXT.has(target.type)) ||
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement ||
    (target instanceof HTMLElement && target.isContentEditable);
  if (isText) return { name: target.closest("[data-keys-field]")?.getAttribute("data-keys-field") ?? null, text: true };
  const name = target.getAttribute("data-keys-field");
  return name === null ? null : { name, text: false };
}
