import type { Role, SessionUser } from '@gatehouse/contract';
import type { Engine, Lifetimes } from '../engine-port.ts';

/** Fourteen days idle, ninety in all, sliding, activity once a minute: the settings' defaults. */
export const LIFETIMES: Lifetimes = {
  ageMs: 14 * 86_400_000,
  absoluteAgeMs: 90 * 86_400_000,
  sliding: true,
  activityIntervalMs: 60_000,
  expireAtBrowserClose: false,
};

/** A clock that moves when it is told to. Whole milliseconds since the epoch. */
export interface TestClock {
  readonly now: () => number;
  advance(ms: number): void;
}

/** A user as sign-in sees it. */
export interface TestUser {
  readonly user: SessionUser;
  readonly credentialEpoch: number;
}

/** Changes of accounts. */
export interface TestAccounts {
  create(): Promise<TestUser>;
  rename(userId: string, name: string): Promise<void>;
  setRole(userId: string, role: Role): Promise<void>;
  /** Puts a text into the account in place of its attributes. */
  storeAttributes(userId: string, text: string): Promise<void>;
  suspend(userId: string): Promise<void>;
  reactivate(userId: string): Promise<void>;
  /** The password has changed: sessions made before are ended, all but `exceptHandle`, which gets the new epoch. Gives the new epoch. */
  raiseEpoch(userId: string, options?: { readonly exceptHandle?: string }): Promise<number>;
  remove(userId: string): Promise<void>;
}

/** What an engine's own tests provide: an empty storage and its surroundings, new for every test. */
export interface EngineFixture {
  readonly clock: TestClock;
  /** Changes accounts as the application does, and tells the engines. */
  readonly accounts: TestAccounts;
  /** Changes the same accounts where they are stored, and tells no engine: what is done is what has been committed so far. */
  readonly source: Omit<TestAccounts, 'create'>;
  /** One more process on the same storage, with these lifetimes and this limit of sessions. The fixture closes it. */
  open(settings?: Partial<Lifetimes> & { readonly limitPerUser?: number }): Promise<Engine>;
  /** Requests to the storage that `work` causes, and how many of them write. */
  count(work: () => Promise<unknown>): Promise<{ requests: number; writes: number }>;
  /** Everything that is stored, as text; what is dead and not purged yet included. */
  dump(): Promise<string>;
  /** Makes the stored value of a session something that no session is, wherever a copy of it lies. */
  corrupt(handle: string): Promise<void>;
  /** Puts this text in place of every copy of the user that an engine keeps; does nothing where it keeps none. */
  damageUserCopy(userId: string, text: string): Promise<void>;
  /** Handles that the engines have reported as ended because of the limit, in their order. */
  readonly evictions: readonly string[];
  /** Handles that the engines have reported as expired, in the order of their purges. */
  readonly expirations: readonly string[];
  /** Handles that the engines have reported as corrupt. */
  readonly corruptions: readonly (string | undefined)[];
  dispose(): Promise<void>;
}

export type OpenFixture = () => Promise<EngineFixture>;
