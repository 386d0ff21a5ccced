import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { isDatabaseUnavailable, openDatabase, type Database, type OpenOptions } from '../index.ts';
import {
  MARIADB,
  POSTGRESQL,
  sampleSession,
  sampleUser,
  stopwatch,
  tcpProxy,
  temporaryDatabase,
  type ProxyMode,
} from '../../testing/index.ts';

const BOUND_MS = 2000;
/** What a busy machine adds to a bound. */
const ALLOWANCE_MS = 1500;

// F-02, F-08, F-09 for a database server: every call ends within the bound, says that the database is not there, and the
// next one after the fault succeeds.
describe.each([MARIADB, POSTGRESQL])('$name', (on) => {
  describe.skipIf(!on.available)('faults', () => {
    async function behindProxy(options: OpenOptions & { parameters?: string } = {}) {
      const direct = await temporaryDatabase({ on });
      const url = new URL(direct.url);
      const proxy = await tcpProxy({ host: '127.0.0.1', port: Number(url.port) });
      url.port = String(proxy.port);
      url.search = options.parameters ?? '';
      const database = await openDatabase(url.href, options);
      onTestFinished(async () => {
        await proxy.close();
        await database.close();
      });
      return { proxy, database, direct };
    }

    async function unavailable(call: () => Promise<unknown>): Promise<void> {
      const tookMs = stopwatch();
      const error = await call().then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(tookMs()).toBeLessThan(BOUND_MS + ALLOWANCE_MS);
      expect(error).toBeDefined();
      if (!isDatabaseUnavailable(error)) throw error;
    }

    const calls: [string, ({ prisma }: Database) => Promise<unknown>][] = [
      ['a read', ({ prisma }) => prisma.user.findFirst()],
      ['a raw read', ({ prisma }) => prisma.$queryRaw`SELECT handle FROM gatehouse_session`],
      ['a raw write', ({ prisma }) => prisma.$executeRaw`DELETE FROM gatehouse_session WHERE handle = 'none'`],
      ['a write', ({ prisma }) => prisma.session.createMany({ data: sampleSession() })],
      ['a transaction', ({ prisma }) => prisma.$transaction((tx) => tx.user.create({ data: sampleUser() }))],
    ];

    test.each<ProxyMode>(['refuse', 'reset', 'hang'])('%s: answered within the bound, and well again at once', async (mode) => {
      const { proxy, database } = await behindProxy();
      await Promise.all(Array.from({ length: 4 }, () => database.prisma.user.count()));
      await proxy.set(mode);
      // Twice: connections that were there, and new ones.
      for (let round = 0; round < 2; round += 1) await Promise.all(calls.map(([, call]) => unavailable(() => call(database))));
      await proxy.set('pass');
      for (const [, call] of calls) await call(database);
      expect(proxy.count()).toBeLessThanOrEqual(10);
    });

    test('after a minute’s worth of attempts on a server that is away, it is used as soon as it is back', async () => {
      const { proxy, database } = await behindProxy();
      await proxy.set('refuse');
      for (let attempt = 0; attempt < 60; attempt += 1) await unavailable(() => database.prisma.user.count());
      await proxy.set('pass');
      const tookMs = stopwatch();
      await database.prisma.user.count();
      expect(tookMs()).toBeLessThan(1000);
    });

    test('a connection cut in the middle of a transaction rolls it back, and costs nobody else anything', async () => {
      const { proxy, database, direct } = await behindProxy();
      const user = sampleUser();
      await unavailable(() =>
        database.prisma.$transaction(async (tx) => {
          await tx.user.create({ data: user });
          proxy.cut();
          await sleep(20);
          await tx.user.count();
        }),
      );
      expect(await direct.prisma.user.count()).toBe(0);
      await Promise.all(Array.from({ length: 20 }, () => database.prisma.user.count()));
    });

    test('a server that hangs in the middle of a transaction takes the connection with it', async () => {
      // A busy machine takes longer for the hundred below than a request would wait for a connection.
      const { proxy, database, direct } = await behindProxy({ acquireTimeoutMs: 20_000 });
      await unavailable(() =>
        database.prisma.$transaction(async (tx) => {
          await tx.user.create({ data: sampleUser() });
          await proxy.set('hang');
          await tx.user.count();
        }),
      );
      await proxy.set('pass');
      // Ten times as many as the pool has: none of them gets the one that hung.
      await Promise.all(Array.from({ length: 100 }, () => database.prisma.user.count()));
      expect(await direct.prisma.user.count()).toBe(0);
    });

    test('F-09: with every connection taken, a call fails within the time to wait for one, and the next succeeds', async () => {
      const { database } = await behindProxy({ parameters: '?connection_limit=2', acquireTimeoutMs: 150 });
      let end: () => void = () => undefined;
      const held = new Promise<void>((resolve) => (end = resolve));
      const holders = [1, 2].map(() =>
        database.prisma.$transaction(async (tx) => {
          await tx.user.count();
          await held;
        }),
      );
      await sleep(100);
      await unavailable(() => database.prisma.user.count());
      await unavailable(() => database.prisma.$transaction((tx) => tx.user.count()));
      end();
      await Promise.all(holders);
      expect(await database.prisma.user.count()).toBe(0);
    });

    test('a row that another holds too long is no reason to hang', async () => {
      const { database, direct } = await behindProxy();
      const { id } = await direct.prisma.user.create({ data: sampleUser() });
      await direct.prisma.$transaction(async (tx) => {
        await tx.user.update({ where: { id }, data: { name: 'held' } });
        await unavailable(() => database.prisma.$executeRaw`UPDATE gatehouse_user SET name = 'other' WHERE user_id = ${id}`);
        await unavailable(() => database.prisma.$transaction((next) => next.user.update({ where: { id }, data: { name: 'third' } })));
      });
      expect(await database.prisma.user.findUnique({ where: { id } })).toMatchObject({ name: 'held' });
      await database.prisma.user.update({ where: { id }, data: { name: 'free' } });
    });

    test('a table that is locked whole is no reason to hang, and what was given up is not done later', async () => {
      const { database, direct } = await behindProxy();
      const other = await direct.adapter.connect();
      onTestFinished(() => other.dispose());
      const say = (sql: string): Promise<number> => other.executeRaw({ sql, args: [], argTypes: [] });
      const { lock, settle, free } = TABLE_LOCKS[on.provider];
      const waiting = Object.assign([WAITING[on.provider]], { raw: [WAITING[on.provider]] });
      await say(lock);
      await unavailable(() => database.prisma.user.createMany({ data: sampleUser() }));
      // Its limit at the server begins when it has come there.
      await expect.poll(async () => (await direct.prisma.$queryRaw<unknown[]>(waiting)).length, { timeout: 10_000 }).toBe(0);
      await say(free);
      // Waits for those who waited before.
      await say(settle);
      await say(free);
      expect(await direct.prisma.user.count()).toBe(0);
    });

    test('a statement that takes too long is ended by the server, and the connection stays', async () => {
      const { database, proxy } = await behindProxy({ statementTimeoutMs: 1000, parameters: '?connection_limit=1' });
      await database.prisma.user.count();
      // Not SELECT SLEEP(5) alone, which MySQL ends with a row.
      const slow =
        on.provider === 'mysql'
          ? 'SELECT COUNT(*) FROM information_schema.collations WHERE SLEEP(0.1) = 0'
          : 'SELECT CAST(pg_sleep(5) AS TEXT)';
      const before = proxy.count();
      await unavailable(() => database.prisma.$queryRaw(Object.assign([slow], { raw: [slow] })));
      await database.prisma.user.count();
      expect(proxy.count()).toBe(before);
    });

    test('a server that is read-only is not available for writing, and is for reading', async () => {
      const { database } = await behindProxy({ parameters: '?connection_limit=1' });
      // On the one connection; PostgreSQL's is made anew after an error.
      const setReadOnly = (): Promise<number> =>
        on.provider === 'mysql'
          ? database.prisma.$executeRaw`SET SESSION TRANSACTION READ ONLY`
          : database.prisma.$executeRaw`SET default_transaction_read_only = on`;
      await setReadOnly();
      await unavailable(() => database.prisma.session.createMany({ data: sampleSession() }));
      await setReadOnly();
      await unavailable(() => database.prisma.$executeRaw`UPDATE gatehouse_user SET name = 'x'`);
      expect(await database.prisma.user.count()).toBe(0);
    });

    test('what is wrong with the call is not taken for an outage', async () => {
      const { database } = await behindProxy();
      const user = await database.prisma.user.create({ data: sampleUser() });
      const wrong: (() => Promise<unknown>)[] = [
        () => database.prisma.user.create({ data: user }),
        () => database.prisma.session.create({ data: sampleSession('nobody') }),
        () => database.prisma.$queryRaw`SELECT nothing FROM nowhere`,
        () => database.prisma.$queryRaw`SELEC`,
        () => database.prisma.user.findFirstOrThrow({ where: { id: 'nobody' } }),
        () => database.prisma.user.findUnique({ where: { id: undefined as unknown as string } }),
        () => database.prisma.$transaction(() => Promise.reject(new Error('the application’s own'))),
      ];
      for (const call of wrong) {
        const error = await call().then(
          () => undefined,
          (reason: unknown) => reason,
        );
        expect(error).toBeDefined();
        expect(isDatabaseUnavailable(error)).toBe(false);
      }
      for (const value of [undefined, null, 'text', new Error('x'), { code: 'ECONNREFUSED' }])
        expect(isDatabaseUnavailable(value)).toBe(false);
    });
  });
});

const TABLE_LOCKS = {
  sqlite: { lock: '', settle: '', free: '' },
  mysql: { lock: 'LOCK TABLES gatehouse_user WRITE', settle: 'LOCK TABLES gatehouse_user READ', free: 'UNLOCK TABLES' },
  postgresql: {
    lock: 'BEGIN; LOCK TABLE gatehouse_user IN ACCESS EXCLUSIVE MODE',
    settle: 'BEGIN; LOCK TABLE gatehouse_user IN SHARE MODE',
    free: 'COMMIT',
  },
};

/** The statements that wait for a table. */
const WAITING = {
  sqlite: '',
  mysql: "SELECT id FROM information_schema.processlist WHERE db = DATABASE() AND state LIKE 'Waiting for table%'",
  postgresql: "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' AND wait_event_type = 'Lock'",
};
