/** The measured operations on a storage with many sessions. */
export interface Store {
  readonly listDevices: (userId: string) => Promise<number>;
  readonly count: () => Promise<number>;
  readonly revokeAll: (userId: string) => Promise<number>;
  /** undefined: Redis expires the keys. */
  readonly purge: (() => Promise<number>) | undefined;
  readonly close: () => Promise<void>;
}

/** How many sessions and users to store. A tenth of the sessions has expired. */
export interface SeedCounts {
  readonly live: number;
  readonly expired: number;
  /** The live sessions are distributed over this many users. */
  readonly users: number;
}

export const SESSIONS_PER_USER = 10;

export function seedCountsOf(stored: number): SeedCounts {
  const live = Math.floor(stored * 0.9);
  return { live, expired: stored - live, users: Math.max(1, Math.floor(live / SESSIONS_PER_USER)) };
}

export const userName = (index: number): string => `bench-${index}`;

export interface StoreTarget {
  readonly engine: 'db' | 'redis' | 'cached_db' | 'classic';
  readonly databaseUrl: string;
  readonly redisUrl?: string | undefined;
}
