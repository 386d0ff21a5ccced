import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine } from './engine-port.ts';

/** Sessions removed in one step: far from the second that a statement may take, also on a database that is busy. */
export const PURGE_BATCH = 1000;

/** A holder that was killed is waited for this long. */
export const PURGE_LEASE_MS = 60_000;

const LEASE = 'purge';

export type PurgeOutcome =
  /** Another process is at it, or was less than an interval ago. */
  | { readonly status: 'elsewhere' }
  | { readonly status: 'purged'; readonly removed: number }
  /** Stopped, or so late that another process may have begun: what is left is for the next. */
  | { readonly status: 'broken off'; readonly removed: number };

/**
 * Removes expired sessions whoever else does: each is removed and counted by one. Frees space and nothing else, because an
 * expired session is not served, purged or not.
 */
export async function purgeAll(
  engine: Pick<Engine, 'purgeExpired'>,
  { batch = PURGE_BATCH, between = () => true }: { batch?: number; between?: () => boolean | Promise<boolean> } = {},
): Promise<{ removed: number; isDone: boolean }> {
  for (let removed = 0; ;) {
    const some = await engine.purgeExpired(batch);
    removed += some;
    if (some === 0) return { removed, isDone: true };
    if (!(await between())) return { removed, isDone: false };
  }
}

/**
 * One interval's purge, for all processes on the storage: a lease makes it one process' work at a time, and stays for what
 * is left of the interval. A holder that is killed leaves it to whoever asks when `PURGE_LEASE_MS` are over.
 */
export async function purgeByTurns(
  engine: Pick<Engine, 'purgeExpired' | 'lease'>,
  { intervalMs, now = Date.now, signal, batch }: { intervalMs: number; now?: () => number; signal?: AbortSignal; batch?: number },
): Promise<PurgeOutcome> {
  const owner = randomUUID();
  const hold = (forMs: number): Promise<boolean> => engine.lease({ name: LEASE, owner, forMs });
  const begunMs = now();
  if (!(await hold(PURGE_LEASE_MS))) return { status: 'elsewhere' };

  let heldMs = begunMs;
  let batchBegun = performance.now();
  async function between(): Promise<boolean> {
    // As long as the batch took: half of the storage's time is left to those who wait for an answer.
    await sleep(performance.now() - batchBegun, undefined, { ref: false, ...(signal && { signal }) }).catch(() => undefined);
    batchBegun = performance.now();
    if (signal?.aborted) return false;
    if (Math.abs(now() - heldMs) < PURGE_LEASE_MS / 3) return true;
    heldMs = now();
    return hold(PURGE_LEASE_MS);
  }

  const { removed, isDone } = await purgeAll(engine, { between, ...(batch !== undefined && { batch }) });
  if (isDone || signal?.aborted) await hold(isDone ? Math.max(0, begunMs + intervalMs - now()) : 0);
  return { status: isDone ? 'purged' : 'broken off', removed };
}
