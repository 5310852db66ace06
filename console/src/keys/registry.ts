// The one place where keys get their meaning.
// A layer is what one part of the screen binds while it is shown; the registry holds the layers in the order in which they came.
// Two meanings for one keystroke at the same time are a fault of the programmer, so registering them throws: a test meets it, not a clerk.
//
// Deliberately absent: sequences of keys, and single letters inside text fields.

import { chordOf, isUnmodified, misspelled, reserved, type Keystroke } from "./chord";

/** From the widest to the narrowest; the narrowest that binds a keystroke gets it. */
export const SCOPES = ["global", "page", "dialog", "field"] as const;
export type Scope = (typeof SCOPES)[number];

export interface Binding {
  /** Stable name, `<area>.<act>`; a person's profile refers to it. */
  id: string;
  /** What it does, in the language of the person. */
  label: string;
  /** Default chords; a profile may replace them. */
  keys: readonly string[];
  /** Asked at each keystroke; false leaves the keystroke to others. */
  when?: () => boolean;
  /** A commit happens once per press: a held key does not repeat it. */
  commit?: boolean;
  /**
   * The fields (their `data-keys-field`) in which the binding works although its chord has neither Ctrl nor Alt.
   * Without it such a keystroke in a text field is the text's own. A binding of the field scope works in these alone.
   */
  inFields?: readonly string[];
  run: () => void;
}

interface Layer {
  scope: Scope;
  bindings: readonly Binding[];
}

/** A person's own keys: binding id to chords. */
export interface KeyProfile {
  version: 1;
  keys: Record<string, readonly string[]>;
}

/** The name by which an image on its stage calls itself a field. */
export const IMAGE_FIELD = "stage";

/** One row of the sheet of keys. */
export interface Listed {
  scope: Scope;
  binding: Binding;
  chords: readonly string[];
}

/** Keeps a person's own keys. */
export type SaveKeys = (profile: KeyProfile) => Promise<void>;

/** Nobody's own keys: every binding has its default chords. */
const STANDARD: KeyProfile = { version: 1, keys: {} };

/** The field that has the focus: a text field, or an element that names itself one, such as an image on its stage; else null. */
export type FocusedField = { name: string | null; text: boolean } | null;

export type Resolution = { kind: "none" } | { kind: "run"; binding: Binding };

/** One key that would mean two things at once. */
export class KeyConflict extends Error {
  readonly chord: string;
  readonly one: Binding;
  readonly another: Binding;

  constructor(chord: string, one: Binding, another: Binding) {
    super(`${chord} means both ${one.id} and ${another.id}`);
    this.chord = chord;
    this.one = one;
    this.another = another;
  }
}

export class KeyRegistry {
  #layers: readonly Layer[] = [];
  #profile: KeyProfile = STANDARD;
  #isSetAside = false;
  #save: SaveKeys | null = null;
  #asked: ((chord: string) => void) | null = null;
  #listeners = new Set<() => void>();

  /**
   * Adds a layer; throws on a misspelled or reserved chord and on a conflict. Returns what takes the layer away.
   * A person's own keys never stop a part of the screen from being shown: where they do not fit, the standard keys hold for all of it.
   */
  register(scope: Scope, bindings: readonly Binding[]): () => void {
    const layer = { scope, bindings };
    try {
      this.#refuse(layer, this.#profile);
    } catch (error) {
      if (this.#profile === STANDARD) throw error;
      this.#refuse(layer, STANDARD);
      this.#profile = STANDARD;
      this.#isSetAside = true;
    }
    this.#layers = [...this.#layers, layer];
    this.#changed();
    return () => {
      this.#layers = this.#layers.filter((other) => other !== layer);
      this.#changed();
    };
  }

  /** Takes a person's own keys, whole or not at all: throws when they conflict among the layers that are shown. */
  applyProfile(profile: KeyProfile): void {
    const before = this.#layers;
    this.#layers = [];
    try {
      for (const layer of before) {
        this.#refuse(layer, profile);
        this.#layers = [...this.#layers, layer];
      }
    } finally {
      this.#layers = before;
    }
    this.#profile = Object.keys(profile.keys).length === 0 ? STANDARD : profile;
    this.#isSetAside = false;
    this.#changed();
  }

  get profile(): KeyProfile {
    return this.#profile;
  }

  /** Whether the person's own keys did not fit a part of the screen, so that the standard ones hold. */
  get isSetAside(): boolean {
    return this.#isSetAside;
  }

  /** Lends the sheet a way to keep a person's own keys; null where nobody is signed in. */
  lendSave(save: SaveKeys | null): void {
    this.#save = save;
    this.#changed();
  }

  get save(): SaveKeys | null {
    return this.#save;
  }

  /** The next keystroke is told and means nothing else. Returns what takes the question back. */
  askForKey(told: (chord: string) => void): () => void {
    this.#asked = told;
    return () => {
      if (this.#asked === told) this.#asked = null;
    };
  }

  /** Whether somebody asked for this keystroke; a modifier alone is waited out. */
  tell(stroke: Keystroke): boolean {
    if (this.#asked === null) return false;
    if (/^(Control|Alt|Shift|Meta)(Left|Right)$/.test(stroke.code)) return true;
    const told = this.#asked;
    this.#asked = null;
    told(chordOf(stroke));
    return true;
  }

  chordsOf(binding: Binding): readonly string[] {
    return this.#profile.keys[binding.id] ?? binding.keys;
  }

  /** What the keystroke means now. */
  resolve(stroke: Keystroke, focused: FocusedField): Resolution {
    const chord = chordOf(stroke);
    for (const layer of this.#audible()) {
      for (const binding of layer.bindings) {
        if (!this.chordsOf(binding).includes(chord)) continue;
        if (!speaksIn(binding, layer.scope, chord, focused)) continue;
        if (binding.when !== undefined && !binding.when()) continue;
        return { kind: "run", binding };
      }
    }
    return { kind: "none" };
  }

  /** The layers that can hear a keystroke, the one that hears first in front. A dialog silences the page and the dialogs below it. */
  #audible(): readonly Layer[] {
    const top = this.#layers.filter((layer) => layer.scope === "dialog").at(-1);
    const heard = this.#layers.filter(
      (layer) => layer.scope === "global" || layer === top || (top === undefined && layer.scope !== "dialog") || layer.scope === "field",
    );
    return heard.sort((a, b) => SCOPES.indexOf(b.scope) - SCOPES.indexOf(a.scope));
  }

  /** What the sheet lists: every binding that can be heard now. */
  listed(): readonly Listed[] {
    return this.#audible().flatMap(({ scope, bindings }) =>
      bindings.map((binding) => ({ scope, binding, chords: this.chordsOf(binding) })),
    );
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #changed() {
    for (const listener of this.#listeners) listener();
  }

  #refuse(layer: Layer, profile: KeyProfile) {
    // Dialogs stand one above the other, so only one dialog's own bindings can meet.
    const peers = layer.scope === "dialog" ? [] : this.#layers.filter((other) => other.scope === layer.scope);
    const taken = peers.flatMap((other) => other.bindings);
    for (const binding of layer.bindings) {
      const chords = profile.keys[binding.id] ?? binding.keys;
      if (chords.length === 0) throw new Error(`${binding.id} has no key: everything works by keyboard`);
      for (const chord of chords) {
        const fault = misspelled(chord) ?? reserved(chord);
        if (fault !== null) throw new Error(`${binding.id}: ${fault}`);
        const rival = taken.find((other) => (profile.keys[other.id] ?? other.keys).includes(chord) && meet(binding, other, layer.scope));
        if (rival !== undefined) throw new KeyConflict(chord, rival, binding);
      }
      if (taken.some((other) => other.id === binding.id)) throw new Error(`${binding.id} is bound twice`);
      taken.push(binding);
    }
  }
}

/** Whether the binding may act while the focus is there: a field's binding in its field alone, so that Enter on a button presses the button. */
function speaksIn(binding: Binding, scope: Scope, chord: string, focused: FocusedField): boolean {
  const name = focused?.name ?? null;
  const declared = name !== null && (binding.inFields?.includes(name) ?? false);
  if (scope === "field") return declared;
  return declared || focused === null || !focused.text || !isUnmodified(chord);
}

/** Two bindings of one scope can meet unless both are of the field scope and name different fields. */
function meet(a: Binding, b: Binding, scope: Scope): boolean {
  if (scope !== "field") return true;
  return (a.inFields ?? []).some((name) => b.inFields?.includes(name) ?? false);
}

/** Reads a profile from a file's text; throws with a sentence that names what is wrong. */
export function parseProfile(text: string): KeyProfile {
  const value: unknown = JSON.parse(text);
  if (typeof value !== "object" || value === null || !("version" in value) || value.version !== 1) {
    throw new Error("not a key profile of version 1");
  }
  const keys = "keys" in value ? value.keys : null;
  if (typeof keys !== "object" || keys === null) throw new Error("a key profile has an object `keys`");
  const read: Record<string, readonly string[]> = {};
  for (const [id, chords] of Object.entries(keys)) {
    if (!Array.isArray(chords) || !chords.every((chord) => typeof chord === "string")) {
      throw new Error(`${id}: its keys are a list of texts`);
    }
    for (const chord of chords) {
      const fault = misspelled(chord) ?? reserved(chord);
      if (fault !== null) throw new Error(`${id}: ${fault}`);
    }
    read[id] = chords;
  }
  return { version: 1, keys: read };
}
