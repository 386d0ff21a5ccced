import { addressKey } from './address-key.ts';
import { createFairQueue, type QueueOutcome } from './fair-queue.ts';

export interface SignInQueueOptions {
  /** Passwords that are looked at together, from counting to the answer. */
  readonly concurrency: number;
  /** Default: 116. With 25 ms a hash, a longer queue would be answered after the clients have given up. */
  readonly maxWaiting?: number;
  /** Epoch milliseconds. Default: `Date.now`. */
  readonly now?: () => number;
}

/** Who asks. */
export interface SignInTurn {
  /** The client's address, as far as it can be trusted. */
  readonly address: string | undefined;
  /** The account, if it has signed in on this device before, or is signed in now. */
  readonly knownTo?: string | undefined;
  /** Aborted when the client goes away: its place is given up. */
  readonly signal?: AbortSignal | undefined;
}

/** An address is forgotten when it has not come for so long. As long as failures count against it by default. */
const MEMORY_MS = 15 * 60_000;

/** Addresses that are remembered. A flood from more than these makes every address look new, which is the state without a memory. */
const MAX_REMEMBERED = 10_000;

/** Attempts after which an address comes often, those included that were turned away. People mistype once or twice; a script tries on. */
const FEW_ATTEMPTS = 3;

/** Attempts of one account from known devices that wait. People have few devices; more would be somebody's script. */
const MAX_PER_ACCOUNT = 8;

/**
 * The order in which passwords are looked at while there are more than can be at once. Three lanes take turns:
 *
 * - known devices, by account: four turns. Whoever has signed in there proved then that they know the password, and an account has one
 *   share however many devices it has made itself known on;
 * - addresses (IPv4, or the /64 of IPv6) that come seldom, the first attempt of each before the second: two turns;
 * - addresses that come often: one turn.
 */
export function createSignInQueue({ concurrency, maxWaiting = 116, now = Date.now }: SignInQueueOptions) {
  const quarter = Math.floor(maxWaiting / 4);
  const maxPerKey = Math.max(1, Math.floor(maxWaiting / 2));
  const queue = createFairQueue({
    concurrency,
    maxWaiting,
    lanes: {
      known: { weight: 4, reserved: maxWaiting - 2 * quarter, maxPerKey: MAX_PER_ACCOUNT },
      seldom: { weight: 2, reserved: quarter, maxPerKey },
      often: { weight: 1, reserved: quarter, maxPerKey },
    },
  });
  /** Attempts of each address, and when the last one came; the least recent address first. */
  const seen = new Map<string, { attempts: number; atMs: number }>();

  /** Counts an attempt, and says how many there have been. */
  function countOf(address: string): number {
    const nowMs = now();
    const before = seen.get(address);
    const attempts = 1 + (before && nowMs - before.atMs < MEMORY_MS ? before.attempts : 0);
    seen.delete(address);
    seen.set(address, { attempts, atMs: nowMs });
    for (const [oldest, { atMs }] of seen) {
      if (seen.size <= MAX_REMEMBERED && nowMs - atMs < MEMORY_MS) break;
      seen.delete(oldest);
    }
    return attempts;
  }

  return {
    run<Result>({ address, knownTo, signal }: SignInTurn, task: () => Promise<Result>): Promise<QueueOutcome<Result>> {
      if (knownTo !== undefined) return queue.run({ lane: 'known', key: knownTo, signal }, task);
      const key = addressKey(address);
      // Whoever comes often is the same as all others who do: an office behind one address waits for its turn, and for nobody's sake.
      const attempts = Math.min(countOf(key), FEW_ATTEMPTS + 1);
      return queue.run({ lane: attempts > FEW_ATTEMPTS ? 'often' : 'seldom', key, attempts, signal }, task);
    },

    /** What is held in memory at this moment. */
    load: () => ({ ...queue.load(), remembered: seen.size }),
  };
}

export type SignInQueue = ReturnType<typeof createSignInQueue>;
