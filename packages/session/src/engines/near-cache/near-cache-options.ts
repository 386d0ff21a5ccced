import type { LeaseClocks } from './cache-lease.ts';
import type { TrackedConnection } from './tracked-connection.ts';

export interface NearCacheOptions {
  /** The connection over which sessions are loaded. */
  readonly connection: TrackedConnection;
  readonly maxSessions: number;
  /** See `leaseMsFor`. */
  readonly leaseMs: number;
  readonly clocks?: LeaseClocks;
}
