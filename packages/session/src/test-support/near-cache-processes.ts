import { tcpProxy, type TcpProxy } from '@gatehouse/prisma/testing';
import { expect } from 'vitest';
import { LIFETIMES, type TestAccounts } from '../conformance/engine-fixture.ts';
import { newRecord, type NewRecord } from '../conformance/records.ts';
import type { Engine, SessionRecord } from '../engine-port.ts';
import { openEngine } from '../registry.ts';
import { databaseAccounts } from './database-accounts.ts';
import { announcedAccounts } from './announced-accounts.ts';
import { startRedis, type RedisServer } from './redis-server.ts';
import { createTempDatabase } from './temp-database.ts';

/** A process with a near cache, which reaches Redis through a proxy of its own. */
export interface CachingProcess {
  readonly engine: Engine;
  readonly proxy: TcpProxy;
  close(): Promise<void>;
}

export interface NearCacheProcesses {
  readonly server: RedisServer;
  /** Of the accounts. */
  readonly databaseUrl: string;
  /** A process without a near cache, such as the command line. */
  readonly plain: Engine;
  /** Changes accounts through it. */
  readonly accounts: TestAccounts;
  open(options?: { readonly maxSessions?: number; readonly storageTimeoutMs?: number }): Promise<CachingProcess>;
  store(options?: NewRecord): Promise<SessionRecord>;
  /** The names of the processes that changes wait for. */
  listed(): Promise<string[]>;
  dispose(): Promise<void>;
}

const PREFIX = 'gatehouse:';
const clock = { now: Date.now, advance: (): never => expect.unreachable() };

export async function nearCacheProcesses(): Promise<NearCacheProcesses> {
  const [server, file] = await Promise.all([startRedis(), createTempDatabase()]);
  const database = await file.connect();
  const plain = await openEngine('redis', { database, lifetimes: LIFETIMES, redisUrl: server.url, storageTimeoutMs: 20_000 });
  const opened = new Set<CachingProcess>();
  return {
    server,
    databaseUrl: file.url,
    plain,
    accounts: announcedAccounts(databaseAccounts(database.prisma), plain),

    async open({ maxSessions = 100, storageTimeoutMs = 2000 } = {}) {
      const proxy = await tcpProxy({ host: '127.0.0.1', port: server.port });
      const redisUrl = `redis://127.0.0.1:${proxy.port}`;
      const options = { database, lifetimes: LIFETIMES, redisUrl, storageTimeoutMs, nearCacheSessions: maxSessions };
      const engine = await openEngine('redis', options);
      const process: CachingProcess = {
        engine,
        proxy,
        async close() {
          if (!opened.delete(process)) return;
          await engine.close();
          await proxy.close();
        },
      };
      opened.add(process);
      return process;
    },

    async store(options) {
      const record = await newRecord({ clock }, plain, options);
      expect(await plain.create(record)).toBe(true);
      return record;
    },

    listed: async () => (await server.command('ZRANGE', `{${PREFIX}index}:caches`, '0', '-1')) as string[],

    async dispose() {
      await Promise.all([...opened].map(({ close }) => close()));
      await plain.close();
      await server.stop();
      await file.dispose();
    },
  };
}

export const hits = ({ engine }: Pick<CachingProcess, 'engine'>): number => engine.nearCache?.().hits ?? 0;

/** Loads a session until the near cache of a process answers. */
export async function cache(process: CachingProcess, { handle, secretHash }: SessionRecord): Promise<void> {
  const before = hits(process);
  await expect
    .poll(async () => {
      expect(await process.engine.load(handle, { secretHash })).toMatchObject({ status: 'live' });
      return hits(process);
    })
    .toBeGreaterThan(before);
}
