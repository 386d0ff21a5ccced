import type { Claim, LeaseRequest, SessionRecord } from '../../engine-port.ts';

export interface MemoryEntry {
  readonly record: SessionRecord;
  /** The session that has taken its place. */
  readonly claim: Claim | undefined;
  /** The user's role when the secret was last changed: with another role the secret before it is refused. */
  readonly roleAtRotation?: string | undefined;
}

/** What engines of this process have in common that are opened on it, as processes have a database in common. */
export interface MemoryStorage {
  readonly entries: Map<string, MemoryEntry>;
  readonly leases: Map<string, { readonly owner: string; readonly endsAtMs: number }>;
  /** Users whose sessions have been ended all at once. */
  readonly refusesAdoptionOf: Set<string>;
  refusesAdoption: boolean;
  /** Raised when an account has changed or sessions were ended by user: an answer of the user source that is older is asked for again. */
  userChanges: number;
}

export const createMemoryStorage = (): MemoryStorage => ({
  entries: new Map(),
  leases: new Map(),
  refusesAdoptionOf: new Set(),
  refusesAdoption: false,
  userChanges: 0,
});

/** true if the owner has it from now on, or has given it back. */
export function takeLease({ leases }: MemoryStorage, { name, owner, forMs }: LeaseRequest, nowMs: number): boolean {
  const held = leases.get(name);
  if (held && held.owner !== owner && nowMs < held.endsAtMs) return false;
  if (forMs > 0) leases.set(name, { owner, endsAtMs: nowMs + forMs });
  else leases.delete(name);
  return true;
}
