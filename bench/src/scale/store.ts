/** What is asked of a storage that holds many sessions. */
export interface Store {
  readonly listDevices: (userId: string) => Promise<number>;
  readonly count: () => Promise<number>;
  readonly revokeAll: (userId: string) => Promise<number>;
  /** undefined: Redis' own expiry does it. */
  readonly purge: (() => Promise<number>) | undefined;
  readonly close: () => Promise<void>;
}

/** Of the stored sessions a tenth is over and waits for the purge. */
export interface Filling {
  readonly live: number;
  readonly expired: number;
  /** Live sessions are dealt out to as many. */
  readonly users: number;
}

export const SESSIONS_PER_USER = 10;

export function fillingOf(stored: number): Filling {
  const live = Math.floor(stored * 0.9);
  return { live, expired: stored - live, users: Math.max(1, Math.floor(live / SESSIONS_PER_USER)) };
}

export const userName = (index: number): string => `bench-${index}`;

export interface StorePlace {
  readonly engine: 'db' | 'redis' | 'cached_db' | 'classic';
  readonly databaseUrl: string;
  readonly redisUrl?: string | undefined;
}
