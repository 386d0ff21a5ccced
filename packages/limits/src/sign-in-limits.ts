import { StorageUnavailableError } from '@gatehouse/session';
import { withTimeout } from '@gatehouse/session/with-timeout';
import { DAY_MS, isDelayed, type Budget } from './bucket.ts';
import { bucketCounter, withOutagesNamed, type CountedAttempt } from './bucket-counter.ts';
import { bucketNames, type KnownDevice } from './bucket-names.ts';
import type { BucketStore } from './bucket-store.ts';

export interface LimitSettings {
  /** Failures after which sign-ins to an account, or from one of its known devices, are delayed. 0 = no limit. */
  readonly accountFailures: number;
  /** The same for an address. 0 = no limit. */
  readonly addressFailures: number;
  /** The longest delay, and how long the failures of an address are remembered. */
  readonly windowMs: number;
}

export interface SignInCall {
  /** The normalized identifier, whether or not the account exists: see `identifierKey` of `@gatehouse/accounts`. */
  readonly identifierKey: string;
  /** The client's address, as far as proxies can be trusted. */
  readonly address: string | undefined;
  /** The client's device, if the account has signed in there before. */
  readonly device?: KnownDevice | undefined;
}

export type Attempt =
  | {
      readonly ok: true;
      /** If this attempt fails, delays start. */
      readonly locks: boolean;
      /** Resets the failures of the device if it is known, and otherwise those of the account under each of its names. */
      succeeded(identifierKeys: readonly string[]): Promise<void>;
      /** Call this if no password was verified, so that the attempt does not count. */
      cancelled(): Promise<void>;
    }
  | { readonly ok: false; readonly retryAfterMs: number };

export interface LimitedAccount {
  readonly identifierKeys: readonly string[];
  readonly userId?: string | undefined;
}

/** Every method throws StorageUnavailableError if the storage does not respond, because passwords must not be verified without limits. */
export interface SignInLimits {
  /**
   * Call this before verifying a password. The attempt counts as a failure from now on, so a failure needs no further call. An attempt
   * from a known device counts only against that device, any other against the address and the account.
   */
  attempt(call: SignInCall): Promise<Attempt>;
  /**
   * Whether attempts of each of these accounts are delayed at this moment: under one of its names, or from one of its devices. So
   * `unlockAccount` would have an effect.
   */
  areLocked(accounts: readonly LimitedAccount[]): Promise<boolean[]>;
  /** Resets an account under each of its names, and its devices. */
  unlockAccount(account: LimitedAccount): Promise<void>;
  unlockAddress(address: string): Promise<void>;
  unlockAll(): Promise<number>;
  /** Only frees storage: expired failures no longer count. */
  purgeExpired(batch: number): Promise<number>;
}

export interface SignInLimitsOptions {
  readonly store: BucketStore;
  readonly settings: LimitSettings;
  /** Key for the hashed bucket names. It must be the same in all processes that share the storage. */
  readonly secret: string;
  /** Maximum duration of a call. */
  readonly timeoutMs: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/**
 * Number of shorter delays before each delay is a day. With the default settings that is after 50 consecutive failures. The user name and
 * the e-mail address have separate buckets, so an account allows twice as many: NIST SP 800-63B-4, 3.2.2, allows 100.
 */
const SHORTER_DELAYS = 45;

export function createSignInLimits({ store, settings, secret, timeoutMs, now }: SignInLimitsOptions): SignInLimits {
  const names = bucketNames(secret);
  const { count, refundAll, reset } = bucketCounter(store, now);
  const { accountFailures, addressFailures, windowMs } = settings;
  const accountBudget: Budget = {
    failures: accountFailures,
    maxDelayMs: windowMs,
    memoryMs: DAY_MS,
    maxConsecutive: accountFailures + SHORTER_DELAYS,
  };
  const addressBudget: Budget = { failures: addressFailures, maxDelayMs: windowMs, memoryMs: windowMs, maxConsecutive: Infinity };

  async function attempt({ identifierKey, address, device }: SignInCall): Promise<Attempt> {
    // Count the address first, so that an address that is refused cannot lock an account.
    const deviceBucket = device && { key: names.device(device), budget: accountBudget };
    const buckets = deviceBucket
      ? [deviceBucket]
      : [
          { key: names.address(address), budget: addressBudget },
          { key: names.account(identifierKey), budget: accountBudget },
        ];
    const counted: CountedAttempt[] = [];
    let locks = false;
    try {
      for (const { key, budget } of buckets.filter((bucket) => bucket.budget.failures > 0)) {
        const outcome = await count(key, budget);
        if (!outcome.ok) {
          await refundAll(counted);
          return outcome;
        }
        counted.push({ key, bucket: outcome.bucket });
        if (budget === accountBudget) locks = outcome.locks;
      }
    } catch (error) {
      inBackground(refundAll(counted));
      throw error;
    }
    return {
      ok: true,
      locks,
      succeeded: (identifierKeys) =>
        inTime(async () => {
          if (deviceBucket) return reset(deviceBucket.key);
          // Never reset the address, or an attacker would sign in to their own account after every few guesses at others.
          await Promise.all([refundAll(counted), ...identifierKeys.map((key) => reset(names.account(key)))]);
        }),
      cancelled: () => inTime(() => refundAll(counted)),
    };
  }

  const bucketsOf = ({ identifierKeys, userId }: LimitedAccount): string[] => [
    ...identifierKeys.map(names.account),
    ...(userId === undefined ? [] : names.devicesOf(userId)),
  ];

  const inTime = async <Result>(work: () => Promise<Result>): Promise<Result> =>
    withTimeout(work(), {
      ms: timeoutMs,
      onTimeout: (): never => {
        throw new StorageUnavailableError(`The storage of sign-in limits did not respond within ${timeoutMs} ms.`);
      },
    });

  return {
    async attempt(call) {
      const counting = attempt(call);
      try {
        return await inTime(() => counting);
      } catch (error) {
        // The caller no longer waits, so no password will be verified.
        inBackground(counting.then((late) => (late.ok ? late.cancelled() : undefined)));
        throw error;
      }
    },
    areLocked: (accounts) =>
      inTime(async () => {
        const keys = accounts.map(bucketsOf);
        const buckets = await withOutagesNamed(() => store.readMany(keys.flat()));
        return keys.map((ofAccount) => ofAccount.some((key) => isDelayed(buckets.get(key), accountBudget, now())));
      }),
    unlockAccount: (account) =>
      inTime(async () => {
        await Promise.all(bucketsOf(account).map(reset));
      }),
    unlockAddress: (address) => inTime(() => reset(names.address(address))),
    // Maintenance affects all buckets and has no timeout.
    unlockAll: () => withOutagesNamed(() => store.removeAll()),
    purgeExpired: (batch) => withOutagesNamed(() => store.purgeExpired(batch)),
  };
}

/** Failures are ignored: an attempt that stays counted may delay a user, but never lets an attacker in. */
const inBackground = (work: Promise<unknown>): void => void work.catch(() => undefined);
