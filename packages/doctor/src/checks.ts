import type { Check } from './check.ts';
import { cookie } from './checks/cookie.ts';
import { credentials } from './checks/credentials.ts';
import { databaseClock } from './checks/database-clock.ts';
import { databasePooler } from './checks/database-pooler.ts';
import { databaseReplication } from './checks/database-replication.ts';
import { database } from './checks/database.ts';
import { environment } from './checks/environment.ts';
import { expiredSessions } from './checks/expired-sessions.ts';
import { lifetimes } from './checks/lifetimes.ts';
import { metrics } from './checks/metrics.ts';
import { migrations } from './checks/migrations.ts';
import { nearCache } from './checks/near-cache.ts';
import { nodeVersion } from './checks/node-version.ts';
import { privateFiles } from './checks/private-files.ts';
import { redisClock } from './checks/redis-clock.ts';
import { redisCluster } from './checks/redis-cluster.ts';
import { redisEviction } from './checks/redis-eviction.ts';
import { redisPersistence } from './checks/redis-persistence.ts';
import { redisReplicaLag } from './checks/redis-replica-lag.ts';
import { redisReplication } from './checks/redis-replication.ts';
import { redis } from './checks/redis.ts';
import { sessionEngine } from './checks/session-engine.ts';
import { sessionSecret } from './checks/session-secret.ts';
import { shutdownDrain } from './checks/shutdown-drain.ts';
import { sqliteDisk } from './checks/sqlite-disk.ts';
import { sqliteFile } from './checks/sqlite-file.ts';
import { sqliteProcesses } from './checks/sqlite-processes.ts';
import { transport } from './checks/transport.ts';
import { trustProxy } from './checks/trust-proxy.ts';

export interface CheckGroup {
  /** A heading of docs/doctor.md. */
  readonly title: string;
  /** Introduces the group in docs/doctor.md. */
  readonly about?: string;
  readonly checks: readonly Check[];
}

const DATABASE = 'Database';

/** Every check, in the order of docs/doctor.md, which `pnpm --filter @gatehouse/doctor write-docs` generates from the comments above them. */
export const CHECK_GROUPS: readonly CheckGroup[] = [
  {
    title: 'Settings and this machine',
    checks: [sessionSecret, environment, sessionEngine, cookie, trustProxy, lifetimes, shutdownDrain, metrics, nodeVersion, privateFiles],
  },
  { title: 'Access to servers', checks: [credentials, transport] },
  {
    title: DATABASE,
    checks: [
      database,
      databasePooler,
      migrations,
      databaseClock,
      databaseReplication,
      expiredSessions,
      sqliteFile,
      sqliteDisk,
      sqliteProcesses,
    ],
  },
  {
    title: 'Redis',
    about:
      'These run if `SESSION_ENGINE` uses Redis. They look at the one server, at the master behind Sentinel, or at each master of a cluster. If the account may not run `INFO`, `CONFIG` or `TIME`, the check is skipped.',
    checks: [redis, redisClock, redisEviction, redisPersistence, redisReplication, redisReplicaLag, redisCluster, nearCache],
  },
];

export const CHECKS: readonly Check[] = CHECK_GROUPS.flatMap(({ checks }) => checks);

export const CHECKS_WITHOUT_DATABASE: readonly Check[] = CHECK_GROUPS.filter(({ title }) => title !== DATABASE).flatMap(
  ({ checks }) => checks,
);
