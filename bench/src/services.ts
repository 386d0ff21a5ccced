import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAccounts } from '@gatehouse/accounts';
import { migrate, openDatabase } from '@gatehouse/prisma';
import { MARIADB, POSTGRESQL, type TestDatabase } from '@gatehouse/prisma/test-databases';
import { REDIS_AVAILABLE, startRedis } from '@gatehouse/session/test-support/redis-server';

export const BENCH_USER = { username: 'ada', email: 'ada@example.org', name: 'Ada Lovelace', password: 'correct horse battery' };

/** Databases with one account, and a Redis server. They are created for the run and removed afterwards. */
export interface Services {
  readonly folder: string;
  readonly sqlite: string;
  /** undefined: not on this machine. */
  readonly mariadb: string | undefined;
  readonly postgresql: string | undefined;
  /** Each call returns the URL of an unused database of the Redis server. undefined: this machine has no redis-server. */
  readonly redis: (() => string) | undefined;
  readonly redisVersion: () => Promise<string>;
  /** CPU time of the Redis process, in milliseconds. */
  readonly redisCpuMs: () => Promise<number>;
  /** Creates a database with all tables and the account, and returns its URL. */
  readonly newDatabase: (provider: 'sqlite' | 'mysql' | 'postgresql') => Promise<string>;
  readonly close: () => Promise<void>;
}

export async function startServices(): Promise<Services> {
  // BENCH_FOLDER should be on a disk. If /tmp is in memory, the fsync of a commit costs nothing.
  const folder = await mkdtemp(join(process.env['BENCH_FOLDER'] ?? tmpdir(), 'gatehouse-bench-'));
  const drops: (() => Promise<void>)[] = [];
  const redis = REDIS_AVAILABLE ? await startRedis(['--databases', '64']) : undefined;
  let redisDatabases = 0;

  async function create(on: TestDatabase): Promise<string> {
    const { url, drop } = await on.create();
    drops.push(drop);
    return url;
  }

  const emptyDatabase = (provider: 'sqlite' | 'mysql' | 'postgresql'): Promise<string> =>
    provider === 'sqlite'
      ? Promise.resolve(`file:${join(folder, `${randomBytes(4).toString('hex')}.db`)}`)
      : create(provider === 'mysql' ? MARIADB : POSTGRESQL);

  async function redisInfo(section: string, name: string): Promise<string> {
    const info = ((await redis?.command('INFO', section)) ?? '') as string;
    return new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? '';
  }

  async function newDatabase(provider: 'sqlite' | 'mysql' | 'postgresql'): Promise<string> {
    const url = await emptyDatabase(provider);
    const database = await openDatabase(url);
    await migrate(database);
    const created = await createAccounts({ database }).createUser({ ...BENCH_USER, role: 'user' });
    await database.close();
    if (!created.ok) throw new Error(JSON.stringify(created.problems));
    return url;
  }

  return {
    folder,
    sqlite: await newDatabase('sqlite'),
    mariadb: MARIADB.available ? await newDatabase('mysql') : undefined,
    postgresql: POSTGRESQL.available ? await newDatabase('postgresql') : undefined,
    redis: redis && (() => `${redis.url}/${(redisDatabases += 1)}`),
    redisVersion: () => redisInfo('server', 'redis_version'),
    redisCpuMs: async () => 1000 * (Number(await redisInfo('cpu', 'used_cpu_sys')) + Number(await redisInfo('cpu', 'used_cpu_user'))),
    newDatabase,
    async close() {
      await redis?.stop();
      for (const drop of drops) await drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
