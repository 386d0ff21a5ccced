import type { ChangeHint, Claim, LeaseRequest, SessionRecord } from '../../engine-port.ts';

export interface MemoryEntry {
  readonly record: SessionRecord;
  /** The session that replaced it. */
  readonly claim: Claim | undefined;
  /** The user's role when the secret last changed. If the role differs, the previous secret is refused. */
  readonly roleAtRotation?: string | undefined;
}

/** Storage shared by the engines of this process that are opened on it, like a database shared by processes. */
export interface MemoryStorage {
  readonly entries: Map<string, MemoryEntry>;
  readonly leases: Map<string, { readonly owner: string; readonly endsAtMs: number }>;
  /** Users whose sessions were all ended at once. */
  readonly refusesAdoptionOf: Set<string>;
  refusesAdoption: boolean;
  /** Incremented when an account changes or a user's sessions end. An older result of the user source is then fetched again. */
  userChanges: number;
  /** Called for every change. */
  readonly listeners: Set<(hint: ChangeHint) => void>;
}

export const createMemoryStorage = (): MemoryStorage => ({
  entries: new Map(),
  leases: new Map(),
  refusesAdoptionOf: new Set(),
  refusesAdoption: false,
  userChanges: 0,
  listeners: new Set(),
});

/** true if the owner now holds the lease or has released it. */
export function takeLease({ leases }: MemoryStorage, { name, owner, forMs }: LeaseRequest, nowMs: number): boolean {
  const held = leases.get(name);
  if (held && held.owner !== owner && nowMs < held.endsAtMs) return false;
  if (forMs > 0) leases.set(name, { owner, endsAtMs: nowMs + forMs });
  else leases.delete(name);
  return true;
}
