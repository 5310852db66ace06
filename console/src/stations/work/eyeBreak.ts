// A reminder to look into the distance: twenty seconds after every twenty minutes of work. A line of text, never in the way, and one can do without.

import { useEffect, useRef, useState } from "react";
import { usePreferences } from "@/kit/preferences";

const EVERY_MS = 20 * 60_000;
const FOR_MS = 20_000;
const TICK_MS = 1000;

/** Counts work without a rest. Pure, so that twenty minutes pass in a test at once. */
export class EyeClock {
  #worked = 0;
  #rested = 0;
  #reminded: number | null = null;

  /** Some time has passed, at work or not; whether the reminder is shown now. */
  pass(ms: number, working: boolean): boolean {
    this.#rested = working ? 0 : this.#rested + ms;
    if (this.#rested >= FOR_MS) this.#restart();
    if (this.#reminded !== null) {
      this.#reminded += ms;
      if (this.#reminded >= FOR_MS) this.#restart();
      return this.#reminded !== null;
    }
    if (working) this.#worked += ms;
    if (this.#worked < EVERY_MS) return false;
    this.#reminded = 0;
    return true;
  }

  #restart(): void {
    this.#worked = 0;
    this.#reminded = null;
  }
}

/** Whether it is time to rest the eyes. */
export function useEyeBreak(working: boolean): boolean {
  const { eyeBreaks } = usePreferences();
  const [due, setDue] = useState(false);
  const now = useRef(working);
  useEffect(() => {
    now.current = working;
  });
  useEffect(() => {
    if (!eyeBreaks) return undefined;
    const clock = new EyeClock();
    const timer = window.setInterval(() => setDue(clock.pass(TICK_MS, now.current)), TICK_MS);
    return () => {
      window.clearInterval(timer);
      setDue(false);
    };
  }, [eyeBreaks]);
  return due;
}
