import type { Check } from './check.ts';
import { cookie } from './checks/cookie.ts';
import { credentials } from './checks/credentials.ts';
import { databaseClock } from './checks/database-clock.ts';
import { databasePooler } from './checks/database-pooler.ts';
import { database } from './checks/database.ts';
import { environment } from './checks/environment.ts';
import { expiredSessions } from './checks/expired-sessions.ts';
import { lifetimes } from './checks/lifetimes.ts';
import { migrations } from './checks/migrations.ts';
import { nodeVersion } from './checks/node-version.ts';
import { privateFiles } from './checks/private-files.ts';
import { redisClock } from './checks/redis-clock.ts';
import { redisCluster } from './checks/redis-cluster.ts';
import { redisEviction } from './checks/redis-eviction.ts';
import { redisPersistence } from './checks/redis-persistence.ts';
import { redisReplication } from './checks/redis-replication.ts';
import { redis } from './checks/redis.ts';
import { sessionSecret } from './checks/session-secret.ts';
import { sqliteDisk } from './checks/sqlite-disk.ts';
import { sqliteFile } from './checks/sqlite-file.ts';
import { sqliteProcesses } from './checks/sqlite-processes.ts';
import { transport } from './checks/transport.ts';
import { trustProxy } from './checks/trust-proxy.ts';

/** Every check there is, in the order of docs/doctor.md, where `settings` stands before them. */
export const CHECKS: readonly Check[] = [
  sessionSecret,
  environment,
  cookie,
  trustProxy,
  lifetimes,
  nodeVersion,
  privateFiles,
  credentials,
  transport,
  database,
  databasePooler,
  migrations,
  databaseClock,
  expiredSessions,
  sqliteFile,
  sqliteDisk,
  sqliteProcesses,
  redis,
  redisClock,
  redisEviction,
  redisPersistence,
  redisReplication,
  redisCluster,
];
