import {
  hasPgbouncer,
  hasPrivate,
  POSTGRESQL,
  startPgbouncer,
  startPrivate,
  temporaryDatabase,
  temporaryUrl,
} from '@gatehouse/prisma/testing';
import { openDatabase, type Database } from '@gatehouse/prisma';
import { expect, onTestFinished, test, vi } from 'vitest';
import { examine } from '../examine.ts';
import { findingsOf, readingOf, wrong } from '../test-support/facts-of.ts';

const look = (url: string) => examine(readingOf({ DATABASE_URL: url }));

/** Runs raw SQL without parameters. */
const run = ({ prisma }: Database, sql: string): Promise<number> => prisma.$executeRaw(Object.assign([sql], { raw: [sql] }));

async function privateServer(...args: Parameters<typeof startPrivate>) {
  const server = await startPrivate(...args);
  onTestFinished(() => server.stop());
  return server;
}

async function opened(url: string): Promise<Database> {
  const database = await openDatabase(url, { statementTimeoutMs: 60_000, acquireTimeoutMs: 30_000 });
  onTestFinished(() => database.close());
  return database;
}

/** On a busy machine, a check may be skipped because the server was slow, and a replica needs time. */
const finds = (url: string, finding: object): Promise<void> =>
  vi.waitFor(async () => expect(findingsOf(await look(url), 'database-replication')).toMatchObject([finding]), { timeout: 60_000 });

test.skipIf(!hasPrivate('postgresql'))(
  'PostgreSQL: a replica is an error, and one that is behind is a warning on its primary',
  async () => {
    const primary = await privateServer('postgresql');
    const standby = await privateServer('postgresql', { replicaOf: primary.port });
    const urlOf = ({ port }: { port: number }, user = 'postgres') => `postgresql://${user}@127.0.0.1:${port}/postgres`;
    const [database, replica] = [await opened(urlOf(primary)), await opened(urlOf(standby))];
    await finds(urlOf(primary), { severity: 'ok', found: 'The replica is up to date.' });
    await finds(urlOf(standby), { severity: 'error', found: expect.stringContaining('refuses writes') });

    await run(replica, 'SELECT pg_wal_replay_pause()');
    await run(database, 'CREATE TABLE filler AS SELECT md5(n::text) AS text FROM generate_series(1, 60000) AS n');
    await finds(urlOf(primary), { severity: 'warning', found: expect.stringMatching(/standby is \d+ KiB behind/) });
    // Without pg_monitor, the lag is hidden.
    await run(database, 'CREATE ROLE app LOGIN');
    await finds(urlOf(primary, 'app'), { severity: 'skipped', found: expect.stringContaining('GRANT pg_monitor') });
    await run(database, 'GRANT pg_monitor TO app');
    await finds(urlOf(primary, 'app'), { severity: 'warning' });
    await run(replica, 'SELECT pg_wal_replay_resume()');
    await finds(urlOf(primary), { severity: 'ok' });
  },
);

test.skipIf(!hasPrivate('mariadb'))('MariaDB: a server that is read-only, as a replica is, is a warning', async () => {
  const { port } = await privateServer('mariadb');
  const url = `mysql://root@127.0.0.1:${port}/mysql`;
  await finds(url, { severity: 'ok', found: expect.stringContaining('does not show the lag') });
  await run(await opened(url), 'SET GLOBAL read_only = 1');
  await finds(url, { severity: 'warning', found: expect.stringContaining('refuses writes') });
});

test.skipIf(!POSTGRESQL.available || !hasPgbouncer())(
  'behind a real pgbouncer, missing timeouts are reported, and the other checks work',
  async () => {
    const direct = await temporaryDatabase({ on: POSTGRESQL });
    const pgbouncer = await startPgbouncer(await temporaryUrl(POSTGRESQL));
    onTestFinished(() => pgbouncer.stop());
    const findings = await look(pgbouncer.through(direct.url));
    expect(wrong(findings)).toEqual(['warning database-pooler']);
    for (const id of ['database', 'migrations', 'database-clock', 'database-replication', 'expired-sessions'])
      expect(findingsOf(findings, id)).toMatchObject([{ severity: 'ok' }]);
  },
);
