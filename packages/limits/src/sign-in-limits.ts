import { StorageUnavailableError } from '@gatehouse/session';
import { withTimeout } from '@gatehouse/session/with-timeout';
import { DAY_MS, type Budget } from './bucket.ts';
import { answered, bucketCounter, type Counted } from './bucket-counter.ts';
import { bucketNames, type KnownDevice } from './bucket-names.ts';
import type { BucketStore } from './bucket-store.ts';

export interface LimitSettings {
  /** Failures after which an account, or a device on which it has signed in, is slowed down. 0: no limit. */
  readonly accountFailures: number;
  /** The same for an address. 0: no limit. */
  readonly addressFailures: number;
  /** The longest delay, and how long failures count against an address. */
  readonly windowMs: number;
}

export interface SignInCall {
  /** The normalised identifier, known or not: see `identifierKey` of `@gatehouse/accounts`. */
  readonly identifierKey: string;
  /** The client's, as far as it can be trusted. */
  readonly address: string | undefined;
  /** If the account that is tried has signed in there before. */
  readonly device?: KnownDevice | undefined;
}

export type Attempt =
  | {
      readonly ok: true;
      /** If it fails, it is the one with which the delays begin. */
      readonly locks: boolean;
      /** Forgets what counted against this account under each of its names; against a device, if it came from one. */
      succeeded(identifierKeys: readonly string[]): Promise<void>;
      /** No password was verified: the attempt does not count. */
      notMade(): Promise<void>;
    }
  | { readonly ok: false; readonly retryAfterMs: number };

/** Every method throws StorageUnavailableError when the storage does not answer: there is no guessing without a limit. */
export interface SignInLimits {
  /**
   * To be asked before a password is verified. The attempt counts as a failure from then on; a failure needs no further call.
   * An attempt on a known device counts against that alone. Any other counts against the address and the account.
   */
  attempt(call: SignInCall): Promise<Attempt>;
  /** An account under each of its names, and its devices. */
  unlockAccount(account: { identifierKeys: readonly string[]; userId?: string | undefined }): Promise<void>;
  unlockAddress(address: string): Promise<void>;
  unlockAll(): Promise<number>;
  /** Frees space and nothing else. */
  purgeExpired(batch: number): Promise<number>;
}

export interface SignInLimitsOptions {
  readonly store: BucketStore;
  readonly settings: LimitSettings;
  /** Keys the names of buckets: the same for all processes that share the storage. */
  readonly secret: string;
  /** How long a call may take. */
  readonly timeoutMs: number;
  readonly now: () => number;
}

/**
 * Delays before each is a day: with the default, after 50 failures in a row. A name and an e-mail address have a bucket each, so an
 * account bears twice as many: NIST SP 800-63B-4, 3.2.2, allows 100.
 */
const SHORTER_DELAYS = 45;

export function createSignInLimits({ store, settings, secret, timeoutMs, now }: SignInLimitsOptions): SignInLimits {
  const names = bucketNames(secret);
  const { count, takeBack, forget } = bucketCounter(store, now);
  const { accountFailures, addressFailures, windowMs } = settings;
  const accountBudget: Budget = {
    failures: accountFailures,
    longestDelayMs: windowMs,
    memoryMs: DAY_MS,
    mostInARow: accountFailures + SHORTER_DELAYS,
  };
  const addressBudget: Budget = { failures: addressFailures, longestDelayMs: windowMs, memoryMs: windowMs, mostInARow: Infinity };

  async function attempt({ identifierKey, address, device }: SignInCall): Promise<Attempt> {
    // The address first: who is refused there must not be able to do an account harm.
    const own = device && { key: names.device(device), budget: accountBudget };
    const buckets = own
      ? [own]
      : [
          { key: names.address(address), budget: addressBudget },
          { key: names.account(identifierKey), budget: accountBudget },
        ];
    const counted: Counted[] = [];
    let locks = false;
    try {
      for (const { key, budget } of buckets.filter((one) => one.budget.failures > 0)) {
        const taken = await count(key, budget);
        if (!taken.ok) {
          await takeBack(counted);
          return taken;
        }
        counted.push({ key, bucket: taken.bucket });
        if (budget === accountBudget) locks = taken.locks;
      }
    } catch (error) {
      inBackground(takeBack(counted));
      throw error;
    }
    return {
      ok: true,
      locks,
      succeeded: (identifierKeys) =>
        inTime(async () => {
          if (own) return forget(own.key);
          // Not forgotten against the address: whoever has an account would sign in to it after every few guesses at others.
          await Promise.all([takeBack(counted), ...identifierKeys.map((key) => forget(names.account(key)))]);
        }),
      notMade: () => inTime(() => takeBack(counted)),
    };
  }

  const inTime = async <Result>(work: () => Promise<Result>): Promise<Result> =>
    withTimeout(work(), {
      ms: timeoutMs,
      onTimeout: (): never => {
        throw new StorageUnavailableError(`The limits of sign-ins were not answered within ${timeoutMs} ms.`);
      },
    });

  return {
    async attempt(call) {
      const asked = attempt(call);
      try {
        return await inTime(() => asked);
      } catch (error) {
        // Nobody waits for it any more, so no password is verified.
        inBackground(asked.then((late) => (late.ok ? late.notMade() : undefined)));
        throw error;
      }
    },
    unlockAccount: ({ identifierKeys, userId }) =>
      inTime(async () => {
        const devices = userId === undefined ? [] : names.devicesOf(userId);
        await Promise.all([...identifierKeys.map(names.account), ...devices].map(forget));
      }),
    unlockAddress: (address) => inTime(() => forget(names.address(address))),
    // Maintenance works on all and may take its time.
    unlockAll: () => answered(() => store.removeAll()),
    purgeExpired: (batch) => answered(() => store.purgeExpired(batch)),
  };
}

/** An attempt that stays counted though it was not made delays someone; it lets nobody in. */
const inBackground = (work: Promise<unknown>): void => void work.catch(() => undefined);
