import { addressKey } from './address-key.ts';
import { createFairQueue, type QueueOutcome } from './fair-queue.ts';

export interface SignInQueueOptions {
  /** Maximum number of passwords that are processed at once, from counting the attempt to the response. */
  readonly concurrency: number;
  /** Default: 116. With 25 ms per hash, clients would time out before a longer queue reached them. */
  readonly maxWaiting?: number;
  /** Epoch milliseconds. Default: `Date.now`. */
  readonly now?: () => number;
}

export interface SignInTurn {
  /** The client's address, as far as proxies can be trusted. */
  readonly address: string | undefined;
  /** The account's id, if it has signed in on this device before or is signed in now. */
  readonly knownTo?: string | undefined;
  /** Aborted when the client disconnects, which removes it from the queue. */
  readonly signal?: AbortSignal | undefined;
}

/** How long an address is remembered after its last attempt. By default, its failures are remembered just as long. */
const MEMORY_MS = 15 * 60_000;

/** Maximum number of remembered addresses. If an attack uses more, every address counts as new, as if there were no memory. */
const MAX_REMEMBERED = 10_000;

/** An address with more attempts, including rejected ones, is frequent. People mistype once or twice; scripts continue. */
const MAX_RARE_ATTEMPTS = 3;

/** Waiting attempts of one account from known devices. People have few devices; more would be a script. */
const MAX_PER_ACCOUNT = 8;

/**
 * Decides in which order passwords are verified when there are too many at once. Three lanes take turns:
 *
 * - known devices, by account: four turns. Someone has signed in there with the right password before. An account has one share, no
 *   matter how many devices it has;
 * - addresses (IPv4, or the /64 of IPv6) with few attempts, the first attempt of each before the second: two turns;
 * - addresses with many attempts: one turn.
 */
export function createSignInQueue({ concurrency, maxWaiting = 116, now = Date.now }: SignInQueueOptions) {
  const quarter = Math.floor(maxWaiting / 4);
  const maxPerKey = Math.max(1, Math.floor(maxWaiting / 2));
  const queue = createFairQueue({
    concurrency,
    maxWaiting,
    lanes: {
      known: { weight: 4, reserved: maxWaiting - 2 * quarter, maxPerKey: MAX_PER_ACCOUNT },
      rare: { weight: 2, reserved: quarter, maxPerKey },
      frequent: { weight: 1, reserved: quarter, maxPerKey },
    },
  });
  /** Attempts and last attempt of each address, the least recent address first. */
  const seen = new Map<string, { attempts: number; atMs: number }>();

  /** Counts an attempt and returns the number so far. */
  function countAttempt(address: string): number {
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
      // Frequent addresses are all equal: an office behind one address must not wait behind addresses with fewer attempts.
      const attempts = Math.min(countAttempt(key), MAX_RARE_ATTEMPTS + 1);
      return queue.run({ lane: attempts > MAX_RARE_ATTEMPTS ? 'frequent' : 'rare', key, attempts, signal }, task);
    },

    /** What is in memory at the moment. */
    load: () => ({ ...queue.load(), remembered: seen.size }),
  };
}

export type SignInQueue = ReturnType<typeof createSignInQueue>;
