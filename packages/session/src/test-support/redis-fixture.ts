import type { Database } from '@gatehouse/prisma';
import { tcpProxy, type TcpProxy } from '@gatehouse/prisma/testing';
import { LIFETIMES, type EngineFixture } from '../conformance/engine-fixture.ts';
import type { Engine, Lifetimes } from '../engine-port.ts';
import { openRedis, type RedisConnection } from '../engines/redis/connection.ts';
import { databaseUsers } from '../engines/db/database-users.ts';
import { slotOf, slotOfTag } from '../engines/redis/keys.ts';
import type { RedisCommands } from '../engines/redis/redis-commands.ts';
import { leaseMsFor } from '../engines/near-cache/cache-member.ts';
import { createRedisEngine } from '../engines/redis/redis-engine.ts';
import { createShardTags } from '../engines/redis/shard-tags.ts';
import { announcedAccounts } from './announced-accounts.ts';
import { databaseAccounts } from './database-accounts.ts';
import type { DbFixtures } from './db-fixture.ts';
import { createWarmCaches } from './warm-caches.ts';
import { startRedis } from './redis-server.ts';
import { createTempDatabase, type TempDatabase } from './temp-database.ts';
import { createTestClock } from './test-clock.ts';
import { recordEvents } from './engine-events.ts';

const READS = new Set(['get', 'mGet', 'hGet', 'exists', 'pTTL', 'zRange', 'zCount', 'pageOfUser', 'readUserState']);

/** On a cluster the indexes over all users are maintained separately from the records. */
const BESIDE = new Set(['indexSession', 'unindexSessions', 'indexClaimed', 'hGet']);

interface Redis {
  readonly url: string;
  stop(): Promise<void>;
}

/** For tests that are not about time: on a busy machine Redis may take a second. */
export const LONG_TIMEOUT = { timeoutMs: 20_000 };

/** Commands of near caches, which do not belong to the operation that a test counts. */
const OF_CACHES = new Set(['raiseFence', 'removeCaches', 'leaveCaches']);

export interface RedisFixtureOptions {
  /** Gives each engine a near cache of this size and a connection of its own. Default: none. */
  readonly nearCacheSessions?: number;
  /**
   * Delays what every other process sends to Redis and gets from it, in milliseconds, so that it serves the state
   * before a change that does not wait for it. Default: 0.
   */
  readonly delayMs?: number;
}

/** The `redis` engine on its own Redis, with one server or several, and its accounts on SQLite. */
export function redisFixtures(
  start: () => Promise<Redis> = startRedis,
  { nearCacheSessions: maxSessions = 0, delayMs = 0 }: RedisFixtureOptions = {},
): DbFixtures & { nearCacheHits(): number } {
  let server: Redis | undefined;
  let accountsFile: TempDatabase | undefined;
  let database: Database | undefined;
  let connection: RedisConnection | undefined;
  let prefixes = 0;
  let nearCacheHits = 0;
  let slow: TcpProxy | undefined;

  async function openFixture(): Promise<EngineFixture> {
    server ??= await start();
    accountsFile ??= await createTempDatabase();
    const users = (database ??= await accountsFile.connect());
    const redis = (connection ??= await openRedis(server.url, LONG_TIMEOUT));
    await users.prisma.user.deleteMany();
    const prefix = `test${(prefixes += 1)}:`;
    const clock = createTestClock();
    const { events, hooks } = recordEvents();
    const calls: { name: string; wrote: boolean }[] = [];

    const caches = createWarmCaches();
    type Settings = Partial<Lifetimes> & { readonly limitPerUser?: number };
    const openOn = ({ commands, replicated, tracked }: RedisConnection, { limitPerUser, ...lifetimes }: Settings): Promise<Engine> =>
      createRedisEngine({
        redis: counted(commands, calls, caches.isWarming),
        replicated: counted(replicated, calls, caches.isWarming),
        nearCache: tracked && { connection: tracked, maxSessions, leaseMs: leaseMsFor() },
        waitsForReplicas: redis.waitsForReplicas,
        isCluster: redis.isCluster,
        nodes: redis.nodes,
        subscribe: redis.subscribe,
        prefix,
        serializer: JSON,
        users: databaseUsers(users.prisma),
        lifetimes: { ...LIFETIMES, ...lifetimes },
        now: clock.now,
        limitPerUser,
        ...hooks,
        close: () => Promise.resolve(),
      });
    const accountsEngine = await openOn(redis, {});
    const opened: { close(): Promise<void> }[] = [];
    async function open(settings: Settings): Promise<Engine> {
      if (maxSessions === 0) return openOn(redis, settings);
      const { url: direct } = server as Redis;
      const isSlow = delayMs > 0 && opened.length % 4 === 2;
      const url = isSlow ? `redis://127.0.0.1:${(slow ??= await slowProxy(direct, delayMs)).port}` : direct;
      const own = await openRedis(url, { ...LONG_TIMEOUT, isTracked: true });
      const engine = await openOn(own, settings);
      opened.push(engine, own);
      return caches.warmed(engine);
    }
    /** Waits until no process has a copy of what was changed without an engine. */
    const forgetCopies = async (): Promise<void> => void (await accountsEngine.destroy('ses_nothing'));
    const source = databaseAccounts(users.prisma);
    const tagOf = createShardTags({ redis: redis.commands, replicated: redis.replicated, prefix });

    return {
      clock,
      ...events,
      accounts: announcedAccounts(source, accountsEngine),
      source,
      open: (settings = {}) => open(settings),

      async count(work) {
        calls.length = 0;
        await work();
        // On a cluster the indexes are maintained with separate requests.
        if (redis.isCluster) calls.splice(0, Infinity, ...calls.filter(({ name }) => !BESIDE.has(name)));
        return { requests: calls.length, writes: calls.filter(({ wrote }) => wrote).length };
      },

      dump: () => dumpRedis(redis.commands, prefix),

      async corrupt(handle) {
        await raw(redis.commands).hSet(slotOf(prefix, handle).record(handle), 'd', '{"half');
        await forgetCopies();
      },

      async damageUserCopy(userId, text) {
        const { user } = slotOfTag(prefix, await tagOf(userId));
        if ((await redis.commands.hGet(user, 'n')) !== null) await raw(redis.commands).hSet(user, 'n', text);
        await forgetCopies();
      },

      dispose: async () => {
        nearCacheHits += caches.hits();
        for (const one of opened) await one.close();
      },
    };
  }

  return {
    open: openFixture,
    nearCacheHits: () => nearCacheHits,
    async dispose() {
      await connection?.close();
      await slow?.close();
      await server?.stop();
      await accountsFile?.dispose();
    },
  };
}

async function slowProxy(url: string, delayMs: number): Promise<TcpProxy> {
  const proxy = await tcpProxy({ host: '127.0.0.1', port: Number(new URL(url).port) });
  proxy.delay(delayMs);
  return proxy;
}

/** Every call to Redis, and whether it wrote. */
function counted<Commands extends object>(
  commands: Commands,
  calls: { name: string; wrote: boolean }[],
  isIgnored: () => boolean,
): Commands {
  return new Proxy(commands, {
    get:
      (target, name: keyof Commands & string) =>
      async (...args: unknown[]) => {
        const call = { name, wrote: !READS.has(name) };
        if (!OF_CACHES.has(name) && !String(args[0]).endsWith(':caches') && !isIgnored()) calls.push(call);
        const reply: unknown = await (target[name] as (...args: unknown[]) => Promise<unknown>)(...args);
        if (name === 'loadSession') call.wrote = Array.isArray(reply) && reply[0] === 'live' && reply[2] !== '0';
        return reply;
      },
  });
}

export interface RawCommands {
  hSet(key: string, field: string, value: string): Promise<number>;
  hGetAll(key: string): Promise<Record<string, string>>;
  type(key: string): Promise<string>;
  get(key: string): Promise<string | null>;
  zRange(key: string, from: number, to: number): Promise<string[]>;
  sMembers(key: string): Promise<string[]>;
  flushDb(): Promise<unknown>;
  scanIterator(options: { MATCH: string }): AsyncIterable<string[]>;
  /** Of a cluster. */
  readonly masters?: readonly object[];
  nodeClient?(node: object): Promise<RawCommands>;
}

export const raw = (commands: RedisCommands): RawCommands => commands as unknown as RawCommands;

export async function dumpRedis(commands: RedisCommands, prefix: string): Promise<string> {
  const redis = raw(commands);
  const nodes = redis.masters ? await Promise.all(redis.masters.map(async (node) => (await redis.nodeClient?.(node)) ?? redis)) : [redis];
  return (await Promise.all(nodes.map((node) => dumpNode(node, prefix)))).join('');
}

async function dumpNode(redis: RawCommands, prefix: string): Promise<string> {
  const texts: unknown[] = [];
  for await (const keys of redis.scanIterator({ MATCH: `*${prefix}*` })) {
    // Versions of invalidated copies contain no session data and expire after a minute.
    for (const key of keys.filter((name) => !name.includes(':g:'))) {
      const type = await redis.type(key);
      texts.push(
        key,
        type === 'hash'
          ? await redis.hGetAll(key)
          : type === 'zset'
            ? await redis.zRange(key, 0, -1)
            : type === 'set'
              ? await redis.sMembers(key)
              : await redis.get(key),
      );
    }
  }
  return JSON.stringify(texts);
}
