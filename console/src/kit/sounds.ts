// Three quiet sounds, made, not played from files. Each stands beside a text in a live region; none carries meaning alone.

import { currentPreferences, type Loudness } from "./preferences";

export type Sound = "arrived" | "hurry" | "message";

const TONES: Record<Sound, readonly (readonly [hertz: number, at: number, seconds: number])[]> = {
  arrived: [[660, 0, 0.09]],
  hurry: [[520, 0, 0.08], [520, 0.16, 0.08]],
  message: [[740, 0, 0.07], [990, 0.09, 0.1]],
};

const GAINS: Record<Loudness, number> = { off: 0, low: 0.02, full: 0.06 };

export class Sounds {
  #context: AudioContext | null = null;

  /** Called from a press of a key or button: browsers let sound begin only there. */
  allow(): void {
    this.#context ??= new AudioContext();
    if (this.#context.state === "suspended") {
      // Where the browser refuses, the texts remain.
      this.#context.resume().catch(() => undefined);
    }
  }

  play(sound: Sound): void {
    const context = this.#context;
    const gain = GAINS[currentPreferences().sound];
    if (gain === 0 || context?.state !== "running") return;
    for (const [hertz, at, seconds] of TONES[sound]) {
      const tone = context.createOscillator();
      const volume = context.createGain();
      const start = context.currentTime + at;
      tone.frequency.value = hertz;
      volume.gain.setValueAtTime(0, start);
      volume.gain.linearRampToValueAtTime(gain, start + 0.01);
      volume.gain.linearRampToValueAtTime(0, start + seconds);
      tone.connect(volume).connect(context.destination);
      tone.start(start);
      tone.stop(start + seconds);
    }
  }
}
