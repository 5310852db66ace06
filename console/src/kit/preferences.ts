// How a person likes the console: language, mode, text size, sounds. Nothing else is kept in the browser, and nothing personal.
import { useSyncExternalStore } from "react";
import type { Density, Mode } from "@/styles/theme.mjs";

export interface Preferences {
  language: "zh" | "en";
  mode: Mode;
  density: Density;
  sound: Loudness;
  /** A reminder to rest the eyes, in the stations. */
  eyeBreaks: boolean;
}

/** From silent to plain. */
export const LOUDNESS = ["off", "low", "full"] as const;
export type Loudness = (typeof LOUDNESS)[number];

const storageKey = "shuniu.display";
const standard: Preferences = { language: "zh", mode: "light", density: "100", sound: "full", eyeBreaks: true };

/** Reads what was kept; anything unknown becomes the standard. */
export function readPreferences(text: string | null): Preferences {
  let kept: unknown;
  try {
    kept = JSON.parse(text ?? "{}");
  } catch {
    return standard;
  }
  if (typeof kept !== "object" || kept === null) return standard;
  const { language, mode, density, sound, eyeBreaks } = kept as Record<string, unknown>;
  return {
    language: language === "en" ? "en" : "zh",
    mode: mode === "dark" ? "dark" : "light",
    density: density === "115" || density === "130" ? density : "100",
    sound: LOUDNESS.find((known) => known === sound) ?? "full",
    eyeBreaks: eyeBreaks !== false,
  };
}

function storage(): Storage | undefined {
  try {
    return window.localStorage;
  } catch {
    // Blocked by the terminal's policy: the standard look, for this page only.
    return undefined;
  }
}

let current = readPreferences(storage()?.getItem(storageKey) ?? null);
const listeners = new Set<() => void>();

/** Writes the look onto the root element, where the styles read it. */
export function applyPreferences(): void {
  const root = document.documentElement;
  root.lang = current.language === "zh" ? "zh-CN" : "en";
  root.dataset["mode"] = current.mode;
  root.dataset["density"] = current.density;
}

export function setPreferences(change: Partial<Preferences>): void {
  current = { ...current, ...change };
  storage()?.setItem(storageKey, JSON.stringify(current));
  applyPreferences();
  listeners.forEach((listener) => listener());
}

export function currentPreferences(): Preferences {
  return current;
}

export function usePreferences(): Preferences {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    currentPreferences,
  );
}
