import cluster from 'node:cluster';
import type { Database } from '@gatehouse/prisma';
import { engineEntry } from '@gatehouse/session/registry';
import type { Settings } from '@gatehouse/settings';
import { ask } from './answer.ts';
import { gatherDatabase, type DatabaseState } from './database-facts.ts';
import type { Facts, RedisState } from './facts.ts';
import { gatherFiles } from './file-facts.ts';

export interface GatherOptions {
  /** Names of settings that could not be read: what they lead to is left alone. */
  readonly unread: ReadonlySet<string>;
  readonly thorough?: boolean;
  readonly open?: (() => Promise<Database>) | undefined;
  readonly now?: () => number;
}

/** Opening takes at most three seconds, then every question at most two; database and Redis are asked at the same time. */
export async function gatherFacts(settings: Settings, { unread, thorough = true, open, now = Date.now }: GatherOptions): Promise<Facts> {
  const withoutDatabase = unread.has('DATABASE_URL') || unread.has('GATEHOUSE_DATA_DIR');
  // Before the database is opened: our own connection is no other process, and its lock need not be told apart.
  const files = gatherFiles(settings);
  const [databaseState, redis] = await Promise.all([
    withoutDatabase ? UNREAD : gatherDatabase(settings, { thorough, now, open }),
    gatherRedis(settings, { unread, now }),
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

/** No check that needs it gets to see it. */
const UNREAD: DatabaseState = { status: 'unreachable', problem: 'its address could not be read.' };

const REDIS_TIMEOUT_MS = 5000;

async function gatherRedis(settings: Settings, { unread, now }: { unread: ReadonlySet<string>; now: () => number }): Promise<RedisState> {
  const { url } = settings.redis;
  if (url === undefined || !engineEntry(settings.session.engine).needs.redis || unread.has('SESSION_ENGINE')) return { status: 'unused' };
  const answer = await ask(async () => {
    // On use, as the engines do: it brings the driver along.
    const { readRedisFacts } = await import('@gatehouse/session/redis-facts');
    return readRedisFacts(url, { now });
  }, REDIS_TIMEOUT_MS);
  return answer.ok ? { status: 'open', nodes: answer.value } : { status: 'unreachable', problem: answer.problem };
}
