// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { KeyRegistry } from "./registry";
import { KeyRouter } from "./router";

let registry: KeyRegistry;
let field: HTMLInputElement;
let stop: () => void;
const confirm = vi.fn();

beforeEach(() => {
  registry = new KeyRegistry();
  stop = new KeyRouter(registry).listen(window);
  field = document.createElement("input");
  field.dataset["keysField"] = "keying.value";
  document.body.append(field);
  registry.register("page", [
    { id: "confirm", label: "key", keys: ["Enter", "NumpadEnter"], commit: true, inFields: ["keying.value"], run: confirm },
  ]);
});

afterEach(() => {
  stop();
  field.remove();
  confirm.mockReset();
});

/** Presses a key in the field; `at` is the event's time stamp. Returns whether the browser's default was prevented. */
function press(code: string, more: { keyCode?: number; isComposing?: boolean; repeat?: boolean; at?: number; altGraph?: boolean } = {}) {
  const event = new KeyboardEvent("keydown", {
    code, key: "Enter", bubbles: true, cancelable: true, repeat: more.repeat ?? false, isComposing: more.isComposing ?? false,
  });
  define(event, "keyCode", more.keyCode ?? 13);
  if (more.at !== undefined) define(event, "timeStamp", more.at);
  if (more.altGraph === true) event.getModifierState = (name: string) => name === "AltGraph";
  field.dispatchEvent(event);
  return event.defaultPrevented;
}

function compositionEnds(at: number) {
  const event = new CompositionEvent("compositionend", { bubbles: true, data: "壹" });
  define(event, "timeStamp", at);
  field.dispatchEvent(event);
}

function define(event: Event, name: string, value: unknown) {
  Object.defineProperty(event, name, { value, configurable: true });
}

describe("an Enter that chooses a candidate never commits", () => {
  it("Chromium: keydown 229 while composing, then compositionend", () => {
    press("Enter", { keyCode: 229, isComposing: true, at: 1000 });
    compositionEnds(1001);
    expect(confirm).not.toHaveBeenCalled();
  });

  it("compositionend first, then keydown 229 with isComposing false", () => {
    compositionEnds(1000);
    press("Enter", { keyCode: 229, isComposing: false, at: 1500 });
    expect(confirm).not.toHaveBeenCalled();
  });

  it("compositionend first, then the same press as a plain Enter", () => {
    compositionEnds(1000);
    press("Enter", { keyCode: 13, isComposing: false, at: 1008 });
    expect(confirm).not.toHaveBeenCalled();
  });

  it("and the keypad's Enter neither", () => {
    press("NumpadEnter", { keyCode: 229, isComposing: true });
    expect(confirm).not.toHaveBeenCalled();
  });

  it("while the next Enter, pressed by hand, does", () => {
    compositionEnds(1000);
    press("Enter", { at: 1008 });
    press("Enter", { at: 1120 });
    expect(confirm).toHaveBeenCalledOnce();
  });
});

describe("a keystroke", () => {
  it("commits once however long the key is held, and the repeats press no button", () => {
    expect(press("NumpadEnter")).toBe(true);
    expect(press("NumpadEnter", { repeat: true })).toBe(true);
    expect(press("NumpadEnter", { repeat: true })).toBe(true);
    expect(confirm).toHaveBeenCalledOnce();
  });

  it("that nobody bound stays the browser's", () => {
    expect(press("Tab")).toBe(false);
  });

  it("with AltGr types its character", () => {
    expect(press("Enter", { altGraph: true })).toBe(false);
    expect(confirm).not.toHaveBeenCalled();
  });

  it("in another text field stays that field's", () => {
    field.dataset["keysField"] = "note";
    expect(press("Enter")).toBe(false);
    expect(confirm).not.toHaveBeenCalled();
  });

  it("on a button is heard as outside text fields", () => {
    const button = document.createElement("button");
    document.body.append(button);
    const event = new KeyboardEvent("keydown", { code: "Enter", bubbles: true, cancelable: true });
    button.dispatchEvent(event);
    expect(confirm).toHaveBeenCalledOnce();
    button.remove();
  });
});
