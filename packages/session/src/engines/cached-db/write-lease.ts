import { ErrorReply } from 'redis';

/**
 * Copies are served only for this long after Redis was seen to accept a write. If Redis answers reads but refuses
 * writes, copies cannot be invalidated; a writer then waits this long before it acknowledges the change, and no process
 * serves an old copy afterwards. It must be the same in all processes, so it is not a setting.
 */
export const WRITE_LEASE_MS = 1500;

/** Interval at which a process repeats the proof, on use. */
const PROOF_INTERVAL_MS = 1000;

/** The clock that measures the lease, which is never adjusted, and a way to wait. */
export interface Monotonic {
  readonly now: () => number;
  readonly wait: (ms: number) => Promise<void>;
}

export const MONOTONIC: Monotonic = {
  now: () => performance.now(),
  wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

/** The lease of one process. It counts from before the write was sent. */
export function createWriteLease({ now }: Pick<Monotonic, 'now'>) {
  let [provenAtMs, triedAtMs] = [-Infinity, -Infinity];
  return {
    /** Whether the next command should prove it again. While there is a proof, only one of several concurrent commands does. */
    isDue(): boolean {
      const nowMs = now();
      if (nowMs - provenAtMs >= WRITE_LEASE_MS) return true;
      if (nowMs - Math.max(provenAtMs, triedAtMs) < PROOF_INTERVAL_MS) return false;
      triedAtMs = nowMs;
      return true;
    },
    prove(sentAtMs: number): void {
      provenAtMs = Math.max(provenAtMs, sentAtMs);
    },
    isValid: (): boolean => now() - provenAtMs < WRITE_LEASE_MS,
  };
}

const REFUSAL = /(?:^|: -)(?:READONLY|OOM|MISCONF|NOREPLICAS)\b/;

/** Redis answers but refuses writes, so other processes may still read copies there. */
export const isRefusedWrite = (error: unknown): boolean =>
  error instanceof Error && error.cause instanceof ErrorReply && REFUSAL.test(error.cause.message);
