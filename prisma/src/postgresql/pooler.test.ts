import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import {
  hasPgbouncer,
  POSTGRESQL,
  sampleSession,
  sampleUser,
  startPgbouncer,
  temporaryDatabase,
  temporaryUrl,
  type Pgbouncer,
} from '../../testing/index.ts';
import { migrate, openDatabase, openReadOnly, pendingMigrations, type Database, type OpenOptions } from '../index.ts';

const BUSY = { timeout: 20_000 };

const isHere = POSTGRESQL.available && hasPgbouncer();

/** Runs raw SQL without parameters. */
const run = ({ prisma }: Database, sql: string): Promise<number> => prisma.$executeRaw(Object.assign([sql], { raw: [sql] }));

describe.skipIf(!isHere).each<[string, string[]]>([
  ['transaction mode, as Debian ships it', []],
  ['transaction mode, options ignored', ['ignore_startup_parameters=options']],
  ['session mode', ['pool_mode=session', 'default_pool_size=20']],
])('PostgreSQL behind pgbouncer: %s', (_mode, settings) => {
  let pgbouncer: Pgbouncer;
  beforeAll(async () => {
    pgbouncer = await startPgbouncer(await serverUrl(), settings);
  });
  afterAll(() => pgbouncer.stop());

  async function open(options: OpenOptions & { parameters?: string; prepare?: (direct: Database) => Promise<unknown> } = {}) {
    const { parameters = '', prepare, ...openOptions } = options;
    const url = await temporaryUrl(POSTGRESQL);
    if (prepare) await prepare(await temporaryDatabase({ on: POSTGRESQL, url, migrated: false }));
    const opening = openDatabase(pgbouncer.through(url) + parameters, openOptions);
    opening.then(
      (database) => onTestFinished(() => database.close()),
      () => undefined,
    );
    return opening;
  }

  test('the database opens, reports the missing timeouts, migrates once and stores data', async () => {
    const database = await open();
    expect(database.pooler).toEqual({ statementTimeoutMs: 0, idleTransactionTimeoutMs: 0 });
    const applied = (await Promise.all([migrate(database), migrate(database)])).flatMap((one) => one.applied);
    expect(applied.length).toBe(new Set(applied).size);
    expect(await pendingMigrations(database)).toEqual([]);
    const at = new Date('2026-03-29T01:30:00.123Z');
    const user = await database.prisma.user.create({ data: { ...sampleUser(), createdAt: at } });
    expect(user.createdAt).toEqual(at);
    const rows = await Promise.all(Array.from({ length: 20 }, () => database.prisma.session.create({ data: sampleSession(user.id) })));
    expect(await database.prisma.session.count({ where: { createdAt: { gte: rows[0]?.createdAt ?? at } } })).toBeGreaterThan(0);
  });

  test('a transaction has timeouts, which do not affect the next user of the connection', async () => {
    const database = await open({ statementTimeoutMs: 300 });
    const slow = database.prisma.$transaction((tx) => tx.$queryRaw`SELECT 1 AS one FROM pg_sleep(5)`);
    // By the server, or by us if a busy machine delays its response.
    await expect(slow).rejects.toThrow(/57014|took longer than/);
    // Retried, because a busy machine may exceed the timeout.
    const inside = await vi.waitFor(
      () => database.prisma.$transaction((tx) => tx.$queryRaw`SHOW idle_in_transaction_session_timeout`),
      BUSY,
    );
    expect(inside).toEqual([{ idle_in_transaction_session_timeout: '10s' }]);
    const outside = await vi.waitFor(() => database.prisma.$queryRaw`SHOW statement_timeout`, BUSY);
    expect(outside).toEqual([{ statement_timeout: '0' }]);
  });

  test('required settings of the role are named in the error, with the statements that set them', async () => {
    const prepare = async (direct: Database): Promise<void> => {
      const [row] = await direct.prisma.$queryRaw<{ name: string }[]>`SELECT current_database() AS name`;
      await run(direct, `ALTER DATABASE ${row?.name} SET default_transaction_isolation = 'serializable'`);
      await run(direct, `ALTER DATABASE ${row?.name} SET statement_timeout = '7s'`);
      await run(direct, 'CREATE SCHEMA gate');
    };
    await expect(open({ prepare, parameters: '?schema=gate' })).rejects.toThrow(
      "ALTER ROLE postgres SET default_transaction_isolation = 'read committed'; ALTER ROLE postgres SET search_path = gate",
    );
  });

  test('after reading another program’s database, the pooled connection can still write', async () => {
    const database = await open();
    await migrate(database);
    const [row] = await database.prisma.$queryRaw<{ name: string }[]>`SELECT current_database() AS name`;
    const reader = await openReadOnly(pgbouncer.through((await serverUrl()).replace(/\/[^/]*$/, `/${row?.name}`)));
    expect((await reader.select('SELECT count(*) AS n FROM gatehouse_user')).columns).toEqual(['n']);
    await expect(reader.select("DELETE FROM gatehouse_user WHERE name = ? RETURNING 'x'", ['none'])).rejects.toThrow('read-only');
    await database.prisma.user.create({ data: sampleUser() });
    await reader.close();
    await database.prisma.user.create({ data: sampleUser() });
  });
});

describe.skipIf(!isHere)('PostgreSQL', () => {
  test('behind a pooler in statement mode, which refuses transactions, it is not opened, and the error names the fix', async () => {
    const pgbouncer = await startPgbouncer(await serverUrl(), ['pool_mode=statement']);
    onTestFinished(() => pgbouncer.stop());
    await expect(openDatabase(pgbouncer.through(await temporaryUrl(POSTGRESQL)))).rejects.toThrow(
      /cannot be opened: it is behind a pooler in statement mode.* Set pool_mode = transaction/,
    );
  });

  test('a direct connection uses session settings, unless the address names a pooler', async () => {
    const { url, pooler } = await temporaryDatabase({ on: POSTGRESQL, migrated: false });
    expect(pooler).toBeUndefined();
    const database = await openDatabase(`${url}?pgbouncer=true`);
    onTestFinished(() => database.close());
    expect(database.pooler).toEqual({ statementTimeoutMs: 0, idleTransactionTimeoutMs: 0 });
    const at = performance.now();
    // Closed by us, because the server has no timeout.
    await expect(Promise.race([database.prisma.$queryRaw`SELECT 1 AS one FROM pg_sleep(5)`, sleep(4000)])).rejects.toThrow();
    expect(performance.now() - at).toBeLessThan(4000);
  });
});

async function serverUrl(): Promise<string> {
  const { url, drop } = await POSTGRESQL.create();
  await drop();
  return url;
}
