import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, openSync, closeSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import {
  DATABASES,
  POSTGRESQL,
  sampleSession,
  SQLITE,
  stopwatch,
  tcpProxy,
  temporaryDatabase,
  temporaryUrl,
  type TestDatabase,
} from '@gatehouse/prisma/testing';
import { describe, expect, onTestFinished, test } from 'vitest';
import { examine } from '../examine.ts';
import { findingsOf, readingOf, wrong, type TestEnv } from '../test-support/facts-of.ts';

const look = (url: string, { env, now }: { env?: TestEnv; now?: () => number } = {}) =>
  examine(readingOf({ DATABASE_URL: url, ...env }), now ? { now } : {});

const database = (on: TestDatabase, migrated = true) => temporaryDatabase({ on, migrated });

const record = (name: string, finishedAt: Date | null) => ({ name, finishedAt });

describe.each(DATABASES)('$name', (on) => {
  const { available } = on;

  test.skipIf(!available)('a healthy database has no findings', async () => {
    const { url } = await database(on);
    const findings = await look(url);
    expect(wrong(findings)).toEqual([]);
    expect(findingsOf(findings, 'database')).toMatchObject([
      { severity: 'ok', found: expect.stringMatching(`^${on.name} \\d+\\.\\d+.* answers`) },
    ]);
    expect(findingsOf(findings, 'migrations')).toMatchObject([{ severity: 'ok' }]);
  });

  test.skipIf(!available)('F-21: pending migrations are a warning, and checks that need their tables are skipped', async () => {
    const { url } = await database(on, false);
    const findings = await look(url);
    expect(wrong(findings)).toEqual(['warning migrations']);
    expect(findingsOf(findings, 'migrations')).toMatchObject([
      { found: expect.stringContaining('_init'), fix: expect.stringContaining('gatehouse migrate') },
    ]);
    expect(findingsOf(findings, 'expired-sessions')).toMatchObject([{ severity: 'skipped', found: 'Migrations are not applied yet.' }]);
  });

  test.skipIf(!available)('F-21: failed, edited and newer migrations are reported', async () => {
    const { url, prisma } = await database(on);
    await prisma.$executeRaw`UPDATE _gatehouse_migrations SET checksum = 'another' WHERE migration_name LIKE '%one_successor'`;
    for (const { name, finishedAt } of [record('20990101000000_future', new Date()), record('20990102000000_half', null)]) {
      await prisma.$executeRaw`INSERT INTO _gatehouse_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
        VALUES (${name}, 'x', ${name}, ${new Date()}, ${finishedAt}, 1)`;
    }
    const migrations = findingsOf(await look(url), 'migrations').map(({ severity, found }) => `${severity} ${found}`);
    expect(migrations).toEqual([
      expect.stringMatching(/^error .*not finished: 20990102000000_half/),
      expect.stringMatching(/^error Edited .*one_successor/),
      expect.stringMatching(/^warning .*newer version .*20990101000000_future/),
    ]);
  });

  test.skipIf(!available)('1000 expired sessions are a warning', async () => {
    const { url, prisma } = await database(on);
    const expiresAt = new Date(Date.now() - 2 * 86_400_000);
    const rows = Array.from({ length: 1000 }, () => ({ ...sampleSession(), expiresAt }));
    await prisma.session.createMany({ data: rows });
    expect(wrong(await look(url))).toEqual(['warning expired-sessions']);
    await prisma.session.delete({ where: { handle: rows[0]?.handle ?? '' } });
    expect(wrong(await look(url))).toEqual([]);
  });
});

describe.each(DATABASES.filter((on) => on !== SQLITE))('$name on another machine', (on) => {
  test.skipIf(!on.available)('F-13: a clock difference is reported', async () => {
    const { url } = await database(on);
    expect(wrong(await look(url, { now: () => Date.now() + 5000 }))).toEqual(['warning database-clock']);
    expect(wrong(await look(url, { now: () => Date.now() - 60_000 }))).toEqual(['error database-clock']);
  });

  test.skipIf(!on.available)('a hanging server is reported within 6 seconds, without the password', async () => {
    const url = new URL(await temporaryUrl(on));
    const proxy = await tcpProxy({ host: url.hostname, port: Number(url.port) });
    onTestFinished(() => proxy.close());
    await proxy.set('hang');
    url.port = String(proxy.port);
    url.password = 's3cret';
    const tookMs = stopwatch();
    const findings = await look(url.href);
    expect(tookMs()).toBeLessThan(6000);
    expect(wrong(findings)).toEqual(['error database']);
    expect(JSON.stringify(findings)).not.toContain('s3cret');
  });
});

const fileOf = (url: string): string => url.slice('file:'.length);

test('a missing SQLite file is not created', async () => {
  const url = await temporaryUrl(SQLITE);
  expect(wrong(await look(url))).toEqual([]);
  expect(existsSync(fileOf(url))).toBe(false);
});

test('a damaged SQLite file is an error', async () => {
  const { url, prisma, close } = await database(SQLITE);
  await prisma.session.createMany({ data: Array.from({ length: 500 }, () => sampleSession()) });
  await close();
  const { size } = statSync(fileOf(url));
  const file = openSync(fileOf(url), 'r+');
  // Damage only rows and indexes, which are not read when the database is opened. The schema is in the first half of the file.
  for (let at = 4096 * Math.floor((size * 3) / 4 / 4096); at < size - 4096; at += 4096)
    writeSync(file, Buffer.alloc(512, 0xff), 0, 512, at);
  closeSync(file);
  expect(wrong(await look(url))).toContain('error sqlite-file');
});

test('a SQLite file that cannot be created is an error, with the path that prevents it', async () => {
  const { url, close } = await database(SQLITE);
  await close();
  const file = fileOf(url);
  // A file in the place of a folder: root can write to every folder.
  expect(findingsOf(await look(`file:${file}/inside/app.db`), 'database')).toMatchObject([
    { severity: 'error', found: expect.stringContaining(`${file} is not a folder, or not writable`) },
  ]);
  expect(findingsOf(await look(`file:${join(file, '../new/app.db')}`), 'database')).toMatchObject([{ severity: 'skipped' }]);
});

test.skipIf(process.platform === 'win32')('files that every user can read are reported', async () => {
  const { url, close } = await database(SQLITE);
  await close();
  chmodSync(fileOf(url), 0o644);
  // Nobody else can enter its folder.
  expect(wrong(await look(url))).toEqual([]);
  chmodSync(join(fileOf(url), '..'), 0o755);
  expect(wrong(await look(url))).toEqual(['warning private-files']);
});

const HOLDER = `
  import { openDatabase } from ${JSON.stringify(join(import.meta.dirname, '../../../../prisma/src/index.ts'))};
  await openDatabase(process.argv[1]);
  console.log('open');
  setInterval(() => {}, 1000);`;

test.skipIf(!existsSync('/proc/locks'))('a SQLite file that several processes have open is reported', async () => {
  const { url, close } = await database(SQLITE);
  await close();
  expect(findingsOf(await look(url), 'sqlite-processes')).toMatchObject([{ severity: 'ok', found: 'No other process has the file open.' }]);
  const holders = [1, 2].map(() =>
    spawn(process.execPath, ['--input-type=module', '-e', HOLDER, url], { stdio: ['ignore', 'pipe', 'inherit'] }),
  );
  onTestFinished(() => holders.forEach((holder) => holder.kill('SIGKILL')));
  await Promise.all(holders.map((holder) => once(holder.stdout, 'data')));
  expect(findingsOf(await look(url), 'sqlite-processes')).toMatchObject([
    { severity: 'warning', found: expect.stringContaining('2 processes') },
  ]);
});

test.skipIf(!POSTGRESQL.available)(
  'a missing statement timeout behind a PostgreSQL pooler is reported, unless the database sets one',
  async () => {
    const { url, prisma } = await temporaryDatabase({ on: POSTGRESQL });
    const throughPooler = `${url}?pgbouncer=true`;
    expect(wrong(await look(url))).toEqual([]);
    const findings = await look(throughPooler);
    expect(wrong(findings)).toEqual(['warning database-pooler']);
    expect(findingsOf(findings, 'database-pooler')).toMatchObject([{ fix: expect.stringContaining('SET statement_timeout') }]);
    const sql = `ALTER DATABASE ${new URL(url).pathname.slice(1)} SET statement_timeout = '2s'`;
    await prisma.$executeRaw(Object.assign([sql], { raw: [sql] }));
    expect(wrong(await look(throughPooler))).toEqual([]);
  },
);
