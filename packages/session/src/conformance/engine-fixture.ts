import type { Role, SessionUser } from '@gatehouse/contract';
import type { Engine, Lifetimes } from '../engine-port.ts';

/** The settings' defaults: fourteen days idle, ninety in all, sliding, activity at most once a minute. */
export const LIFETIMES: Lifetimes = {
  ageMs: 14 * 86_400_000,
  absoluteAgeMs: 90 * 86_400_000,
  sliding: true,
  activityIntervalMs: 60_000,
  expireAtBrowserClose: false,
};

/** A clock that only moves on demand. Epoch milliseconds, whole numbers. */
export interface TestClock {
  readonly now: () => number;
  advance(ms: number): void;
}

/** A user as at sign-in. */
export interface TestUser {
  readonly user: SessionUser;
  readonly credentialEpoch: number;
}

/** Changes of accounts. */
export interface TestAccounts {
  create(): Promise<TestUser>;
  rename(userId: string, name: string): Promise<void>;
  setRole(userId: string, role: Role): Promise<void>;
  /** Stores a text as the account's attributes. */
  storeAttributes(userId: string, text: string): Promise<void>;
  suspend(userId: string): Promise<void>;
  reactivate(userId: string): Promise<void>;
  /** Changes the password, which ends older sessions except `exceptHandle`, which gets the new epoch. Returns the new epoch. */
  raiseEpoch(userId: string, options?: { readonly exceptHandle?: string }): Promise<number>;
  remove(userId: string): Promise<void>;
}

/** An empty storage and its environment, new for every test. The engine's tests provide it. */
export interface EngineFixture {
  readonly clock: TestClock;
  /** Changes accounts like the application, and tells the engines. */
  readonly accounts: TestAccounts;
  /** Changes the same accounts in storage without telling an engine, so that only committed changes take effect. */
  readonly source: Omit<TestAccounts, 'create'>;
  /**
   * Opens an engine as another process on the same storage, with these lifetimes and this limit of sessions. The
   * fixture closes it.
   */
  open(settings?: Partial<Lifetimes> & { readonly limitPerUser?: number }): Promise<Engine>;
  /** Number of requests to the storage during `work`, and how many of them write. */
  count(work: () => Promise<unknown>): Promise<{ requests: number; writes: number }>;
  /** The whole storage as text, including expired data that is not purged. */
  dump(): Promise<string>;
  /** Replaces the stored value of a session, and every copy of it, by an invalid one. */
  corrupt(handle: string): Promise<void>;
  /** Replaces every copy of the user that an engine keeps by this text; does nothing for engines without copies. */
  damageUserCopy(userId: string, text: string): Promise<void>;
  /** Handles that the engines reported as ended because of the limit, in order. */
  readonly evictions: readonly string[];
  /** Handles that the engines reported as expired, in the order of their purges. */
  readonly expirations: readonly string[];
  /** Handles that the engines reported as corrupt. */
  readonly corruptions: readonly (string | undefined)[];
  dispose(): Promise<void>;
}

export type OpenFixture = () => Promise<EngineFixture>;
