import { describe, expect, it, vi } from "vitest";
import { chordLabel } from "./chord";
import { KeyRegistry, parseProfile, type Binding } from "./registry";

function binding(id: string, keys: string[], more: Partial<Binding> = {}): Binding {
  return { id, label: "key", keys, run: vi.fn(), ...more };
}

function stroke(code: string, held: { ctrl?: boolean; alt?: boolean; shift?: boolean } = {}) {
  return { code, ctrlKey: held.ctrl ?? false, altKey: held.alt ?? false, shiftKey: held.shift ?? false, metaKey: false };
}

function idFor(registry: KeyRegistry, pressed: ReturnType<typeof stroke>, field: string | undefined = undefined, text = true) {
  const found = registry.resolve(pressed, field === undefined ? null : { name: field === "" ? null : field, text });
  return found.kind === "run" ? found.binding.id : null;
}

describe("registering", () => {
  it.each([
    ["Ctrl+KeyW"], ["Ctrl+KeyT"], ["Ctrl+KeyN"], ["F1"], ["F3"], ["F5"], ["F6"], ["F7"], ["F10"], ["F11"], ["F12"],
    ["Ctrl+Space"], ["Ctrl+Period"], ["Alt+Numpad1"], ["Meta+KeyL"],
  ])("refuses %s, which belongs to the browser, the system or the input method", (chord) => {
    expect(() => new KeyRegistry().register("page", [binding("a", [chord])])).toThrow(chord);
  });

  it.each([["Enter+Ctrl"], ["ctrl+Enter"], ["Shift+Ctrl+Enter"], ["Ctrl+Ctrl+Enter"], ["q"], ["Shift"], [""]])(
    "refuses the misspelled chord %j",
    (chord) => {
      expect(() => new KeyRegistry().register("page", [binding("a", [chord])])).toThrow();
    },
  );

  it("refuses two meanings of one chord in one scope, in one layer and across layers", () => {
    const registry = new KeyRegistry();
    expect(() => registry.register("page", [binding("a", ["F2"]), binding("b", ["F2"])])).toThrow("F2 means both a and b");
    registry.register("page", [binding("a", ["F2"])]);
    expect(() => registry.register("page", [binding("b", ["F2"])])).toThrow("F2 means both a and b");
  });

  it("refuses a binding without a key", () => {
    expect(() => new KeyRegistry().register("page", [binding("a", [])])).toThrow("no key");
  });

  it("allows one chord for two different fields, but not for the same one", () => {
    const registry = new KeyRegistry();
    registry.register("field", [binding("a", ["NumpadAdd"], { inFields: ["amount"] })]);
    registry.register("field", [binding("b", ["NumpadAdd"], { inFields: ["note"] })]);
    expect(() => registry.register("field", [binding("c", ["NumpadAdd"], { inFields: ["note"] })])).toThrow();
  });

  it("gives the chord free when the layer goes away", () => {
    const registry = new KeyRegistry();
    registry.register("page", [binding("a", ["F2"])])();
    registry.register("page", [binding("b", ["F2"])]);
    expect(idFor(registry, stroke("F2"))).toBe("b");
  });
});

describe("resolving", () => {
  it("tells the keypad's Enter from the main one", () => {
    const registry = new KeyRegistry();
    registry.register("page", [binding("pad", ["NumpadEnter"]), binding("main", ["Enter"])]);
    expect(idFor(registry, stroke("NumpadEnter"))).toBe("pad");
    expect(idFor(registry, stroke("Enter"))).toBe("main");
  });

  it("gives a chord to the narrowest scope that binds it", () => {
    const registry = new KeyRegistry();
    registry.register("global", [binding("global", ["F8"])]);
    registry.register("page", [binding("page", ["F8"])]);
    const close = registry.register("dialog", [binding("dialog", ["F8"])]);
    expect(idFor(registry, stroke("F8"))).toBe("dialog");
    close();
    expect(idFor(registry, stroke("F8"))).toBe("page");
  });

  it("keeps the page silent behind a dialog", () => {
    const registry = new KeyRegistry();
    registry.register("page", [binding("approve", ["F9"])]);
    registry.register("dialog", [binding("close", ["Escape"])]);
    expect(idFor(registry, stroke("F9"))).toBeNull();
  });

  it("passes a chord on when the narrower binding does not want it now", () => {
    const registry = new KeyRegistry();
    registry.register("global", [binding("wide", ["F8"])]);
    registry.register("page", [binding("narrow", ["F8"], { when: () => false })]);
    expect(idFor(registry, stroke("F8"))).toBe("wide");
  });

  it("leaves unmodified keys to a text field unless the binding names that field", () => {
    const registry = new KeyRegistry();
    registry.register("page", [
      binding("tick", ["Digit1"]),
      binding("confirm", ["NumpadEnter"], { inFields: ["keying.value"] }),
      binding("pass", ["Ctrl+Enter"]),
    ]);
    const note = "note";
    expect(idFor(registry, stroke("Digit1"), note)).toBeNull();
    expect(idFor(registry, stroke("NumpadEnter"), note)).toBeNull();
    expect(idFor(registry, stroke("NumpadEnter"), "")).toBeNull();
    expect(idFor(registry, stroke("NumpadEnter"), "keying.value")).toBe("confirm");
    expect(idFor(registry, stroke("Enter", { ctrl: true }), note)).toBe("pass");
    expect(idFor(registry, stroke("Digit1"))).toBe("tick");
  });

  it("hears a field binding only in its field", () => {
    const registry = new KeyRegistry();
    registry.register("field", [binding("same", ["Ctrl+Enter"], { inFields: ["amount"] })]);
    expect(idFor(registry, stroke("Enter", { ctrl: true }), "note")).toBeNull();
    expect(idFor(registry, stroke("Enter", { ctrl: true }))).toBeNull();
    expect(idFor(registry, stroke("Enter", { ctrl: true }), "amount")).toBe("same");
  });
});

describe("an element that names itself a field without being one for text", () => {
  it("hears its own bindings first and leaves the page's unmodified keys alone", () => {
    const registry = new KeyRegistry();
    registry.register("page", [binding("down", ["ArrowDown"]), binding("tick", ["Digit1"])]);
    registry.register("field", [binding("move", ["ArrowDown"], { inFields: ["stage"] })]);
    expect(idFor(registry, stroke("ArrowDown"), "stage", false)).toBe("move");
    expect(idFor(registry, stroke("Digit1"), "stage", false)).toBe("tick");
    expect(idFor(registry, stroke("ArrowDown"))).toBe("down");
  });
});

describe("a person's own keys", () => {
  it("replace the defaults", () => {
    const registry = new KeyRegistry();
    registry.register("page", [binding("zoom", ["NumpadDivide"])]);
    registry.applyProfile({ version: 1, keys: { zoom: ["F4"] } });
    expect(idFor(registry, stroke("F4"))).toBe("zoom");
    expect(idFor(registry, stroke("NumpadDivide"))).toBeNull();
  });

  it("are refused whole when they conflict, and the former ones stay", () => {
    const registry = new KeyRegistry();
    registry.register("page", [binding("a", ["F2"]), binding("b", ["F4"])]);
    expect(() => registry.applyProfile({ version: 1, keys: { a: ["F9"], b: ["F9"] } })).toThrow("F9");
    expect(idFor(registry, stroke("F2"))).toBe("a");
  });

  it("may exchange two keys", () => {
    const registry = new KeyRegistry();
    registry.register("page", [binding("a", ["F2"]), binding("b", ["F4"])]);
    registry.applyProfile({ version: 1, keys: { a: ["F4"], b: ["F2"] } });
    expect(idFor(registry, stroke("F2"))).toBe("b");
  });

  it.each([
    ["not JSON", "{"], ["another version", '{"version":2,"keys":{}}'], ["no keys", '{"version":1}'],
    ["a key that is no list", '{"version":1,"keys":{"a":"F2"}}'], ["a reserved key", '{"version":1,"keys":{"a":["F5"]}}'],
  ])("are refused from a file with %s", (_, text) => {
    expect(() => parseProfile(text)).toThrow();
  });

  it("are read from a good file", () => {
    expect(parseProfile('{"version":1,"keys":{"a":["F2"]}}')).toEqual({ version: 1, keys: { a: ["F2"] } });
  });
});

it("names the keypad in both languages", () => {
  expect(chordLabel("NumpadAdd", "zh")).toBe("小键盘 +");
  expect(chordLabel("Ctrl+Enter", "en")).toBe("Ctrl+Enter");
  expect(chordLabel("Alt+Digit3", "zh")).toBe("Alt+3");
});

describe("a person's own keys", () => {
  it("never keep a part of the screen from being shown: where they do not fit, the standard keys hold", () => {
    const registry = new KeyRegistry();
    registry.register("page", [binding("a", ["F2"])]);
    registry.applyProfile({ version: 1, keys: { a: ["F4"], z: ["F8"] } });
    expect(idFor(registry, stroke("F4"))).toBe("a");
    registry.register("page", [binding("b", ["F4"])]);
    expect(registry.isSetAside).toBe(true);
    expect([idFor(registry, stroke("F2")), idFor(registry, stroke("F4"))]).toEqual(["a", "b"]);
  });

  it("still lets a fault of the programmer be met", () => {
    const registry = new KeyRegistry();
    registry.applyProfile({ version: 1, keys: { z: ["F8"] } });
    expect(() => registry.register("page", [binding("a", ["F2"]), binding("b", ["F2"])])).toThrow("F2 means both");
  });

  it("are asked for by one keystroke, which means nothing else; a modifier alone is waited out", () => {
    const registry = new KeyRegistry();
    registry.register("page", [binding("a", ["F2"])]);
    const told: string[] = [];
    registry.askForKey((chord) => told.push(chord));
    expect(registry.tell(stroke("ControlLeft", { ctrl: true }))).toBe(true);
    expect(registry.tell(stroke("NumpadAdd", { ctrl: true }))).toBe(true);
    expect(registry.tell(stroke("NumpadAdd"))).toBe(false);
    expect(told).toEqual(["Ctrl+NumpadAdd"]);
    const takeBack = registry.askForKey((chord) => told.push(chord));
    takeBack();
    expect(registry.tell(stroke("F9"))).toBe(false);
  });
});
