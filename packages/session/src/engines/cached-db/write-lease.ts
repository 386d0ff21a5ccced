import { ErrorReply } from 'redis';

/**
 * Copies are served only for so long after Redis was seen to take a write. Where it answers reads and refuses writes, what invalidates a
 * copy is refused as well: whoever writes then waits this out before the change is acknowledged, and no process serves an old copy after.
 * The same in all processes, so it is no setting.
 */
export const WRITE_LEASE_MS = 1500;

/** A process proves it again this often, on use. */
const PROOF_INTERVAL_MS = 1000;

/** How a process measures the lease: a clock that is never set, and a way to wait. */
export interface Monotonic {
  readonly now: () => number;
  readonly wait: (ms: number) => Promise<void>;
}

export const MONOTONIC: Monotonic = {
  now: () => performance.now(),
  wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

/** A process's own lease. It counts from before the write was sent. */
export function createWriteLease({ now }: Pick<Monotonic, 'now'>) {
  let [provenAtMs, triedAtMs] = [-Infinity, -Infinity];
  return {
    /** Whether the next command should prove it too; one of several at once while there is a proof, all of them without. */
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

/** Redis answers, and does not take writes. Other processes may read there as well. */
export const isRefusedWrite = (error: unknown): boolean =>
  error instanceof Error && error.cause instanceof ErrorReply && REFUSAL.test(error.cause.message);
