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

/** Changes of accounts, each done as the application does it, all that belongs to it included. */
export interface TestAccounts {
  create(): Promise<TestUser>;
  rename(userId: string, name: string): Promise<void>;
  setRole(userId: string, role: Role): Promise<void>;
  /** Puts a text into the account in place of its attributes. */
  storeAttributes(userId: string, text: string): Promise<void>;
  suspend(userId: string): Promise<void>;
  reactivate(userId: string): Promise<void>;
  /** The password has changed: sessions made with the old one are dead. Gives the new epoch. */
  raiseEpoch(userId: string): Promise<number>;
  remove(userId: string): Promise<void>;
}

/** What an engine's own tests provide: an empty storage and its surroundings, new for every test. */
export interface EngineFixture {
  readonly clock: TestClock;
  readonly accounts: TestAccounts;
  /** One more process on the same storage, with these lifetimes and this limit of sessions. The fixture closes it. */
  open(settings?: Partial<Lifetimes> & { readonly limitPerUser?: number }): Promise<Engine>;
  /** Requests to the storage that `work` causes, and how many of them write. */
  count(work: () => Promise<unknown>): Promise<{ requests: number; writes: number }>;
  /** Everything that is stored, as text; what is dead and not purged yet included. */
  dump(): Promise<string>;
  /** Makes the stored value of a session something that no session is. */
  corrupt(key: string): Promise<void>;
  /** Puts this text in place of the copy of the user that lies with a session; does nothing where the engine keeps none. */
  damageUserCopy(key: string, text: string): Promise<void>;
  /** Handles that the engines have reported as ended because of the limit, in their order. */
  readonly evictions: readonly string[];
  /** Handles or keys that the engines have reported as corrupt. */
  readonly corruptions: readonly (string | undefined)[];
  dispose(): Promise<void>;
}

export type OpenFixture = () => Promise<EngineFixture>;
