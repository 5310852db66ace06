// The leases that this person holds, as far as the console knows: pure functions over one list, in the order of assignment.

import type { Lease } from "@/api/types";

/** Takes a lease; a repeat with an older fence changes nothing. */
export function withLease(leases: readonly Lease[], lease: Lease): readonly Lease[] {
  const index = leases.findIndex((held) => held.work_item_id === lease.work_item_id);
  const held = leases[index];
  if (held === undefined) return [...leases, lease];
  if (held.fence >= lease.fence) return leases;
  return leases.map((other) => (other === held ? lease : other));
}

export function withoutLease(leases: readonly Lease[], workItemId: string): readonly Lease[] {
  return leases.some((held) => held.work_item_id === workItemId) ? leases.filter((held) => held.work_item_id !== workItemId) : leases;
}

/**
 * What a renewal says: the ends it names are new, and a lease it does not name has gone back.
 * `asked` are the leases held when the renewal was asked for; one that came meanwhile is not judged by it.
 */
export function renewed(
  leases: readonly Lease[],
  asked: readonly Lease[],
  renewals: readonly { work_item_id: string; fence: number; expires_at: string }[],
): { leases: readonly Lease[]; gone: readonly string[] } {
  const kept: Lease[] = [];
  const gone: string[] = [];
  for (const lease of leases) {
    const renewal = renewals.find((other) => other.work_item_id === lease.work_item_id && other.fence === lease.fence);
    if (renewal !== undefined) kept.push({ ...lease, expires_at: renewal.expires_at });
    else if (asked.some((other) => other.work_item_id === lease.work_item_id && other.fence === lease.fence)) gone.push(lease.work_item_id);
    else kept.push(lease);
  }
  return { leases: kept, gone };
}

/** What a fresh greeting says: it names all that is held. Leases keep their place, so the work in hand stays in hand. */
export function greeted(leases: readonly Lease[], named: readonly Lease[]): { leases: readonly Lease[]; gone: readonly string[] } {
  const still = leases.filter((lease) => named.some((other) => other.work_item_id === lease.work_item_id));
  const gone = leases.filter((lease) => !still.includes(lease)).map((lease) => lease.work_item_id);
  return { leases: named.reduce(withLease, still), gone };
}
