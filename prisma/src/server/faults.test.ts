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
/** Allowance for a busy machine. */
const ALLOWANCE_MS = 1500;

// F-02, F-08, F-09 for database servers: every call ends within the timeout with an outage error, and the next call after the fault
// succeeds.
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

    test.each<ProxyMode>(['refuse', 'reset', 'hang'])(
      '%s: calls fail within the timeout and succeed right after the fault',
      async (mode) => {
        const { proxy, database } = await behindProxy();
        await Promise.all(Array.from({ length: 4 }, () => database.prisma.user.count()));
        await proxy.set(mode);
        // Twice, for existing and for new connections.
        for (let round = 0; round < 2; round += 1) await Promise.all(calls.map(([, call]) => unavailable(() => call(database))));
        await proxy.set('pass');
        for (const [, call] of calls) await call(database);
        expect(proxy.count()).toBeLessThanOrEqual(10);
      },
    );

    test('after many failed attempts during an outage, the server is used as soon as it is back', async () => {
      const { proxy, database } = await behindProxy();
      await proxy.set('refuse');
      for (let attempt = 0; attempt < 60; attempt += 1) await unavailable(() => database.prisma.user.count());
      await proxy.set('pass');
      const tookMs = stopwatch();
      await database.prisma.user.count();
      expect(tookMs()).toBeLessThan(1000);
    });

    test('losing the connection during a transaction rolls it back and affects no other call', async () => {
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

    test('if the server hangs during a transaction, its connection is not used again', async () => {
      // Long enough for the hundred calls below on a busy machine.
      const { proxy, database, direct } = await behindProxy({ acquireTimeoutMs: 20_000 });
      await unavailable(() =>
        database.prisma.$transaction(async (tx) => {
          await tx.user.create({ data: sampleUser() });
          await proxy.set('hang');
          await tx.user.count();
        }),
      );
      await proxy.set('pass');
      // Ten times the pool size, and none of them gets the connection that hung.
      await Promise.all(Array.from({ length: 100 }, () => database.prisma.user.count()));
      expect(await direct.prisma.user.count()).toBe(0);
    });

    test('F-09: if all connections are in use, a call fails within the acquire timeout, and the next one succeeds', async () => {
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

    test('waiting for a locked row times out', async () => {
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

    test('waiting for a locked table times out, and the statement is not executed later', async () => {
      const { database, direct } = await behindProxy();
      const other = await direct.adapter.connect();
      onTestFinished(() => other.dispose());
      const say = (sql: string): Promise<number> => other.executeRaw({ sql, args: [], argTypes: [] });
      const { lock, settle, free } = TABLE_LOCKS[on.provider];
      const waiting = Object.assign([WAITING[on.provider]], { raw: [WAITING[on.provider]] });
      await say(lock);
      await unavailable(() => database.prisma.user.createMany({ data: sampleUser() }));
      // The server's timeout starts when the statement arrives there.
      await expect.poll(async () => (await direct.prisma.$queryRaw<unknown[]>(waiting)).length, { timeout: 10_000 }).toBe(0);
      await say(free);
      // Waits for the statements that waited before.
      await say(settle);
      await say(free);
      expect(await direct.prisma.user.count()).toBe(0);
    });

    test('the server ends a slow statement, and the connection stays usable', async () => {
      const { database, proxy } = await behindProxy({ statementTimeoutMs: 1000, parameters: '?connection_limit=1' });
      await database.prisma.user.count();
      // MySQL ends a plain SELECT SLEEP(5) without an error.
      const slow =
        on.provider === 'mysql'
          ? 'SELECT COUNT(*) FROM information_schema.collations WHERE SLEEP(0.1) = 0'
          : 'SELECT CAST(pg_sleep(5) AS TEXT)';
      const before = proxy.count();
      await unavailable(() => database.prisma.$queryRaw(Object.assign([slow], { raw: [slow] })));
      await database.prisma.user.count();
      expect(proxy.count()).toBe(before);
    });

    test('on a read-only server, writes are an outage and reads succeed', async () => {
      const { database } = await behindProxy({ parameters: '?connection_limit=1' });
      // For the only connection; PostgreSQL's is replaced after an error.
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

    test('an error caused by the call is not an outage', async () => {
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

/** The statements that are waiting for a table lock. */
const WAITING = {
  sqlite: '',
  mysql: "SELECT id FROM information_schema.processlist WHERE db = DATABASE() AND state LIKE 'Waiting for table%'",
  postgresql: "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' AND wait_event_type = 'Lock'",
};
