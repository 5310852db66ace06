// 专注模式: the station on the whole screen, with the function keys and Escape its own where the browser lends them.
// A pure extra: nothing in a station depends on it.

import { useCallback, useEffect, useState } from "react";

/** What only Chromium has, and only on secure pages. */
interface LendsKeys {
  keyboard?: { lock?: (codes: readonly string[]) => Promise<void>; unlock?: () => void };
}

/** The keys that a browser would otherwise take: a slip onto F5 or Escape must not throw anybody out of the work. */
const LENT = ["Escape", ...Array.from({ length: 12 }, (_, index) => `F${String(index + 1)}`)];

export interface FullScreen {
  on: boolean;
  toggle: () => void;
}

export function useFullScreen(): FullScreen {
  const [on, setOn] = useState(() => document.fullscreenElement !== null);
  useEffect(() => {
    const changed = () => setOn(document.fullscreenElement !== null);
    document.addEventListener("fullscreenchange", changed);
    return () => document.removeEventListener("fullscreenchange", changed);
  }, []);
  // Whoever leaves the station gets the screen and the keys back.
  useEffect(() => () => leave(), []);
  const toggle = useCallback(() => (document.fullscreenElement === null ? enter() : leave()), []);
  return { on, toggle };
}

function enter(): void {
  const { keyboard } = navigator as LendsKeys;
  // A terminal whose policy forbids either simply stays as it is.
  document.documentElement
    .requestFullscreen({ navigationUI: "hide" })
    .then(() => keyboard?.lock?.(LENT))
    .catch(() => undefined);
}

function leave(): void {
  (navigator as LendsKeys).keyboard?.unlock?.();
  if (document.fullscreenElement !== null) document.exitFullscreen().catch(() => undefined);
}
