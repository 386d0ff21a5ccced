import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3';
import { expect, test } from 'vitest';
import { stopwatch, temporaryDatabase, temporaryFolder } from '../testing/index.ts';
import { DatabaseOpenError } from './database-open-error.ts';
import { openDatabase } from './open-database.ts';

const problem = (url: string): Promise<string> =>
  openDatabase(url).then(
    () => 'it opened',
    (error: unknown) => {
      expect(error).toBeInstanceOf(DatabaseOpenError);
      return (error as Error).message;
    },
  );

test('a missing database file is created with its folder, readable only by this user', async () => {
  const file = join(temporaryFolder(), 'new', 'folder', 'gatehouse.db');
  await temporaryDatabase({ url: `file:${file}` });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(`${file}-wal`).mode & 0o777).toBe(0o600);
  expect(statSync(join(file, '..')).mode & 0o777).toBe(0o700);
});

test('an address or file that is not a database is an error that names the fix', async () => {
  const folder = temporaryFolder();
  const text = join(folder, 'notes.txt');
  writeFileSync(text, 'These are only notes. '.repeat(100));
  expect(await problem(`file:${text}`)).toContain(`${text} is not a SQLite database. Move it away`);
  expect(await problem(`file:${folder}`)).toContain(`${folder} is a folder. Add a file name`);
  expect(await problem(`file:${join(text, 'x.db')}`)).toContain('is a file. Set DATABASE_URL to another path');
  expect(await problem('file::memory:')).toContain('would be lost at a restart');
  expect(await problem('file:')).toContain('it names no file');
  expect(await problem(`file:${join(folder, 'x.db')}?connection_limit=1`)).toContain('has no parameters');
  expect(await problem('oracle://db')).toContain('is not supported. Set DATABASE_URL to file:data/gatehouse.db');
});

test('a folder that cannot be created is an error and not an endless loop', async () => {
  expect(await problem('file:/proc/no/where.db')).toContain('cannot be created');
});

test('no message contains a password', async () => {
  for (const url of [
    'mysql://root:s3cret@db/x',
    'mysql://root:s3c@ret@db/x',
    'MYSQL://root:s3cret@[bad',
    'postgresql://db/x?password=s3cret',
    'postgresql+psycopg2://root:s3cret@db/x',
    'jdbc:postgresql://root:s3cret@db/x',
    'jdbc:sqlserver://db;user=root;password=s3cret',
    'postgresql:root:s3cret@db/x',
    'root:s3cret@db/x',
    '"postgresql://root:s3cret@db/x',
    'host=db user=root password=s3cret dbname=x',
  ]) {
    expect(await problem(url)).not.toMatch(/s3c|ret@/);
  }
});

test('a folder without write permission is an error that names the fix', () => {
  const folder = temporaryFolder();
  chmodSync(folder, 0o755);
  mkdirSync(join(folder, 'shut'), { mode: 0o555 });
  // Root may write anywhere, so become `nobody`, but only after everything is loaded, because `nobody` may not be able to read this checkout.
  const script = `import { openDatabase } from ${JSON.stringify(join(import.meta.dirname, 'open-database.ts'))};
    await (await openDatabase('file:${folder}/loaded.db')).close();
    if (process.getuid() === 0) {
      process.setgroups([]);
      process.setegid(65534);
      process.seteuid(65534);
    }
    await openDatabase('file:${folder}/shut/x.db').then(() => console.log('it opened'), (error) => console.log(error.message));`;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  expect(stdout).toContain(`this user may not write ${folder}/shut/x.db. Grant write permission for the folder`);
});

test('a database that another program has locked is reported within the timeout', async () => {
  const path = join(temporaryFolder(), 'held.db');
  const other = await new PrismaBetterSqlite3({ url: path }).connect();
  await other.executeScript('BEGIN EXCLUSIVE; CREATE TABLE held (id);');
  const tookMs = stopwatch();
  const opening = openDatabase(`file:${path}`, { busyTimeoutMs: 200 });
  await expect(opening).rejects.toThrow(`another program holds a lock on ${path}. Stop that program`);
  expect(tookMs()).toBeLessThan(1500);
  await other.dispose();
});

test('both connections sync commits to disk and enforce foreign keys', async () => {
  const { prisma } = await temporaryDatabase();
  const pragmas = (client: Pick<typeof prisma, '$queryRaw'>) =>
    Promise.all([client.$queryRaw`PRAGMA synchronous`, client.$queryRaw`PRAGMA journal_mode`, client.$queryRaw`PRAGMA foreign_keys`]);
  const expected = [[{ synchronous: 2n }], [{ journal_mode: 'wal' }], [{ foreign_keys: 1n }]];
  expect(await pragmas(prisma)).toEqual(expected);
  expect(await prisma.$transaction(pragmas)).toEqual(expected);
});

test('closing twice is not an error', async () => {
  const database = await openDatabase(`file:${join(temporaryFolder(), 'x.db')}`);
  await database.close();
  await expect(database.close()).resolves.toBeUndefined();
});

test('only the driver of the database is loaded', () => {
  const script = `import { createRequire } from 'node:module';
    import { openDatabase } from ${JSON.stringify(join(import.meta.dirname, 'index.ts'))};
    await (await openDatabase('file:${join(temporaryFolder(), 'x.db')}')).close();
    const loaded = Object.keys(createRequire(import.meta.url).cache).map((path) => /node_modules\\/(better-sqlite3|mariadb|pg)\\//.exec(path)?.[1]);
    console.log([...new Set(loaded)].filter(Boolean).join());`;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  expect(stdout.trim()).toBe('better-sqlite3');
});
