import { randomUUID } from 'node:crypto';
import type { Engine } from './engine-port.ts';

export interface HeldLease {
  /** Renews the lease once a third of its duration has passed. @returns false if it was lost */
  keep(): Promise<boolean>;
  /** Nobody can acquire it for this many milliseconds more. Default: 0, which releases it. */
  end(forMs?: number): Promise<boolean>;
}

/** Acquires a lease for one run of some work; undefined: another run has it. `forMs`: if this process is killed, another can start after that. */
export async function takeLease(
  { lease }: Pick<Engine, 'lease'>,
  { name, forMs, now }: { readonly name: string; readonly forMs: number; readonly now: () => number },
): Promise<HeldLease | undefined> {
  const owner = randomUUID();
  const hold = (ms: number): Promise<boolean> => lease({ name, owner, forMs: ms });
  let heldMs = now();
  if (!(await hold(forMs))) return undefined;
  return {
    async keep() {
      const nowMs = now();
      if (Math.abs(nowMs - heldMs) < forMs / 3) return true;
      const isHeld = await hold(forMs);
      heldMs = nowMs;
      return isHeld;
    },
    end: (ms = 0) => hold(ms),
  };
}
