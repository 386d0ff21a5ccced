import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine } from './engine-port.ts';
import { takeLease } from './take-lease.ts';

/** Sessions removed per statement. Even on a busy database this is far below the statement's time limit of a second. */
export const PURGE_BATCH = 1000;

/** Duration of the lease. If its holder is killed, another process takes over after this time. */
export const PURGE_LEASE_MS = 60_000;

const LEASE = 'purge';

export type PurgeOutcome =
  /** Another process is purging, or has purged less than an interval ago. */
  | { readonly status: 'elsewhere' }
  | { readonly status: 'purged'; readonly removed: number }
  /** Aborted, or too late to keep the lease. The next purge removes the rest. */
  | { readonly status: 'broken off'; readonly removed: number };

/**
 * Removes all expired sessions. Several processes may purge at once: each session is removed and counted once. Purging
 * only frees space, because expired sessions are never served.
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
 * Purges once per interval across all processes on the storage: a lease lets one process at a time purge, and is kept
 * for the rest of the interval. If the holder is killed, another process can start after `PURGE_LEASE_MS`.
 */
export async function purgeWithLease(
  engine: Pick<Engine, 'purgeExpired' | 'lease'>,
  { intervalMs, now = Date.now, signal, batch }: { intervalMs: number; now?: () => number; signal?: AbortSignal; batch?: number },
): Promise<PurgeOutcome> {
  const begunMs = now();
  const lease = await takeLease(engine, { name: LEASE, forMs: PURGE_LEASE_MS, now });
  if (!lease) return { status: 'elsewhere' };

  let batchBegun = performance.now();
  const between = async (): Promise<boolean> => {
    // Pause as long as the batch took, so that half of the storage's time is left for requests.
    await sleep(performance.now() - batchBegun, undefined, { ref: false, ...(signal && { signal }) }).catch(() => undefined);
    batchBegun = performance.now();
    return !signal?.aborted && lease.keep();
  };

  const { removed, isDone } = await purgeAll(engine, { between, ...(batch !== undefined && { batch }) });
  if (isDone || signal?.aborted) await lease.end(isDone ? Math.max(0, begunMs + intervalMs - now()) : 0);
  return { status: isDone ? 'purged' : 'broken off', removed };
}
