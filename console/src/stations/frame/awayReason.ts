// Why somebody is away: chosen by the person, or decided by the work engine.

const REASONS = ["break", "meal", "training", "meeting", "fault", "missed", "away"] as const;
export type AwayReason = (typeof REASONS)[number];

/** A reason of a newer server counts as a plain break. */
export function awayReason(reason: string | null | undefined): AwayReason {
  return REASONS.find((known) => known === reason) ?? "break";
}
