import cluster from 'node:cluster';
import type { Database } from '@gatehouse/prisma';
import { engineEntry } from '@gatehouse/session/registry';
import type { Settings } from '@gatehouse/settings';
import { ask } from './answer.ts';
import { gatherDatabase, type DatabaseState } from './database-facts.ts';
import type { Facts, RedisState } from './facts.ts';
import { gatherFiles } from './file-facts.ts';

export interface GatherOptions {
  /** Names of invalid settings. What depends on them is not queried. */
  readonly invalid: ReadonlySet<string>;
  readonly thorough?: boolean;
  readonly open?: (() => Promise<Database>) | undefined;
  readonly withoutDatabase?: boolean | undefined;
  readonly now?: () => number;
}

/** Opening takes at most three seconds, and each query at most two. The database and Redis are queried concurrently. */
export async function gatherFacts(settings: Settings, options: GatherOptions): Promise<Facts> {
  const { invalid, thorough = true, open, now = Date.now } = options;
  const withoutDatabase = options.withoutDatabase || invalid.has('DATABASE_URL') || invalid.has('GATEHOUSE_DATA_DIR');
  // Before the database is opened, so that our own lock is not among those found.
  const files = gatherFiles(settings);
  const [databaseState, redis] = await Promise.all([
    withoutDatabase ? NOT_QUERIED : gatherDatabase(settings, { thorough, now, open }),
    gatherRedis(settings, { invalid, now }),
  ]);
  return {
    settings,
    now: now(),
    nodeVersion: process.versions.node,
    isClusterWorker: cluster.isWorker,
    files,
    database: databaseState,
    redis,
  };
}

/** The checks that would use it are left out, or skipped because one of their settings is invalid. */
const NOT_QUERIED: DatabaseState = { status: 'unreachable', problem: 'its address could not be read.' };

const REDIS_TIMEOUT_MS = 5000;

async function gatherRedis(settings: Settings, { invalid, now }: { invalid: ReadonlySet<string>; now: () => number }): Promise<RedisState> {
  const { url } = settings.redis;
  if (url === undefined || !engineEntry(settings.session.engine).needs.redis || invalid.has('SESSION_ENGINE')) return { status: 'unused' };
  const answer = await ask(async () => {
    // Imported on use, because it loads the driver.
    const { readRedisFacts } = await import('@gatehouse/session/redis-facts');
    return readRedisFacts(url, { now, asksTracking: settings.session.nearCacheSessions > 0 });
  }, REDIS_TIMEOUT_MS);
  return answer.ok ? { status: 'open', nodes: answer.value } : { status: 'unreachable', problem: answer.problem };
}
