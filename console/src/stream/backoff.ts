// How long to wait before the next attempt to connect.

const FIRST_MS = 200;
const CAP_MS = 5000;

/**
 * The first attempt comes within 0.2 s, because leases outlive a closed connection by 1.5 s only.
 * Later ones double up to 5 s: somebody sits there and waits; the random half keeps two thousand consoles from coming back in step after a server's restart.
 */
export function delayBefore(attempt: number, random: () => number): number {
  const whole = Math.min(CAP_MS, FIRST_MS * 2 ** Math.min(attempt, 10));
  return Math.round(whole / 2 + (whole / 2) * random());
}
