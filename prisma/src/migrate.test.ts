import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3';
import { expect, test } from 'vitest';
import { diffToModels, engineMigrations, openSchemaEngine } from '../schema-engine.ts';
import { sampleSession, sampleUser, temporaryDatabase, temporaryFolder } from '../testing/index.ts';
import { migrate, pendingMigrations } from './migrate.ts';
import { migrationsFolder, readMigrations } from './migration-files.ts';
import { openDatabase } from './open-database.ts';

const names = readMigrations(migrationsFolder('sqlite')).map(({ name }) => name);

/** A copy of the migrations that the test can change. */
function ownMigrations(more: Record<string, string> = {}): string {
  const folder = join(temporaryFolder(), 'migrations');
  cpSync(migrationsFolder('sqlite'), folder, { recursive: true });
  for (const [name, script] of Object.entries(more)) {
    mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, name, 'migration.sql'), script);
  }
  return folder;
}

test('an empty database gets every migration once', async () => {
  const database = await temporaryDatabase({ migrated: false });
  expect(await pendingMigrations(database)).toEqual(names);
  expect(await migrate(database)).toEqual({ applied: names });
  expect(await pendingMigrations(database)).toEqual([]);
  expect(await migrate(database)).toEqual({ applied: [] });
});

test('the migrated database matches the models', async () => {
  expect(await diffToModels('sqlite', `file:${join(temporaryFolder(), 'diff.db')}`)).toBeUndefined();
});

test('each model can be written and read back', async () => {
  const { prisma } = await temporaryDatabase();
  const user = await prisma.user.create({ data: sampleUser() });
  expect(await prisma.user.findUnique({ where: { id: user.id } })).toEqual(user);
  const session = await prisma.session.create({
    data: { ...sampleSession(user.id), fixedExpiry: new Date(0), customAge: 5, ip: '::1', userAgent: 'x' },
  });
  expect(await prisma.session.findUnique({ where: { handle: session.handle }, include: { user: true } })).toEqual({ ...session, user });
  const activity = await prisma.activity.create({
    data: { id: 'a', userId: user.id, kind: 'signed_in', at: new Date(), ip: null, userAgent: null, handle: session.handle },
  });
  expect(await prisma.activity.findMany()).toEqual([activity]);
  await prisma.user.delete({ where: { id: user.id } });
  expect(await prisma.session.count()).toBe(0);
});

test("Prisma's engine reads our migration history, if it is in its table", async () => {
  const { url, prisma } = await temporaryDatabase();
  await prisma.$executeRaw`ALTER TABLE _gatehouse_migrations RENAME TO _prisma_migrations`;
  const engine = await openSchemaEngine(new PrismaBetterSqlite3({ url }, { timestampFormat: 'unixepoch-ms' }));
  const diagnosis = await engine.diagnoseMigrationHistory({
    migrationsList: engineMigrations('sqlite'),
    optInToShadowDatabase: false,
    filters: { externalTables: [], externalEnums: [] },
  });
  expect(diagnosis).toMatchObject({ hasMigrationsTable: true, editedMigrationNames: [], failedMigrationNames: [], history: null });
});

test("migrations that Prisma's engine applied are not applied again", async () => {
  const url = `file:${join(temporaryFolder(), 'taken-over.db')}`;
  const before = await openDatabase(url);
  await migrate(before);
  await before.prisma.$executeRaw`ALTER TABLE _gatehouse_migrations RENAME TO _prisma_migrations`;
  await before.prisma.$executeRaw`DELETE FROM _prisma_migrations`;
  await before.close();

  // The engine locks the file until its connection is closed.
  const driver = new PrismaBetterSqlite3({ url });
  const connection = await driver.connect();
  const engine = await openSchemaEngine({
    provider: 'sqlite',
    adapterName: driver.adapterName,
    connect: async () => connection,
    connectToShadowDb: () => driver.connectToShadowDb(),
  });
  for (const migrationName of names) await engine.markMigrationApplied({ migrationName, migrationsList: engineMigrations('sqlite') });
  await connection.dispose();

  const after = await temporaryDatabase({ url, migrated: false });
  expect(await pendingMigrations(after)).toEqual([]);
});

test('if two processes migrate at the same time, each migration is applied once', async () => {
  const { url, prisma } = await temporaryDatabase({ migrated: false });
  const script = `
    import { migrate, openDatabase } from ${JSON.stringify(join(import.meta.dirname, 'index.ts'))};
    const database = await openDatabase(process.argv[1]);
    console.log(JSON.stringify(await migrate(database)));
    await database.close();`;
  const runs = await Promise.all(
    [1, 2].map(async () => {
      const child = spawn(process.execPath, ['--input-type=module', '-e', script, url], { stdio: ['ignore', 'pipe', 'inherit'] });
      const [chunks] = await Promise.all([child.stdout.toArray(), once(child, 'exit')]);
      return (JSON.parse(chunks.join('')) as { applied: string[] }).applied;
    }),
  );
  expect(runs.flat().toSorted()).toEqual(names);
  expect(await prisma.$queryRaw`SELECT count(*) AS n FROM _gatehouse_migrations`).toEqual([{ n: BigInt(names.length) }]);
});

test('two calls in one process wait for each other', async () => {
  const database = await temporaryDatabase({ migrated: false });
  const runs = await Promise.all([migrate(database), migrate(database), migrate(database)]);
  expect(runs.flatMap(({ applied }) => applied)).toEqual(names);
});

test('a failed migration is rolled back completely, recorded with the error, and can be fixed', async () => {
  const database = await temporaryDatabase();
  const folder = ownMigrations({ '20990101000000_bad': 'CREATE TABLE half (id);\nINSERT INTO nowhere VALUES (1);' });
  await expect(migrate(database, { folder })).rejects.toThrow(
    '20990101000000_bad failed and was rolled back: no such table: nowhere. Fix the cause and migrate again.',
  );
  expect(await database.prisma.$queryRaw`SELECT name FROM sqlite_master WHERE name = 'half'`).toEqual([]);
  expect(
    await database.prisma
      .$queryRaw`SELECT logs, finished_at, applied_steps_count FROM _gatehouse_migrations WHERE rolled_back_at IS NOT NULL`,
  ).toEqual([{ logs: 'no such table: nowhere', finished_at: null, applied_steps_count: 0n }]);
  writeFileSync(join(folder, '20990101000000_bad', 'migration.sql'), 'CREATE TABLE half (id);');
  expect(await migrate(database, { folder })).toEqual({ applied: ['20990101000000_bad'] });
});

test('a migration that another tool left unfinished is an error that names the fix', async () => {
  const database = await temporaryDatabase();
  await database.prisma.$executeRaw`UPDATE _gatehouse_migrations SET finished_at = NULL`;
  await expect(migrate(database)).rejects.toThrow('was started but not finished. Repair the database');
  await expect(pendingMigrations(database)).rejects.toThrow('was started but not finished');
});

test('editing an applied migration is an error; different line endings are not an edit', async () => {
  const database = await temporaryDatabase();
  const folder = ownMigrations();
  const file = join(folder, names[0] ?? '', 'migration.sql');
  const script = readFileSync(file, 'utf8');
  writeFileSync(file, script.replaceAll('\n', '\r\n'));
  expect(await migrate(database, { folder })).toEqual({ applied: [] });
  writeFileSync(file, `${script}\n-- one more remark\n`);
  await expect(migrate(database, { folder })).rejects.toThrow('was edited after it was applied. Restore its file');
});

test('replacing a table the way Prisma does it does not cascade to rows that refer to it', async () => {
  const database = await temporaryDatabase();
  const user = await database.prisma.user.create({ data: sampleUser() });
  await database.prisma.session.create({ data: sampleSession(user.id) });
  const folder = ownMigrations({
    '20990101000000_redefine': `
      PRAGMA defer_foreign_keys=ON;
      PRAGMA foreign_keys=OFF;
      CREATE TABLE "new_gatehouse_user" AS SELECT * FROM "gatehouse_user";
      DROP TABLE "gatehouse_user";
      ALTER TABLE "new_gatehouse_user" RENAME TO "gatehouse_user";
      CREATE UNIQUE INDEX "pk" ON "gatehouse_user"("user_id");
      PRAGMA foreign_keys=ON;
      PRAGMA defer_foreign_keys=OFF;`,
  });
  await migrate(database, { folder });
  expect(await database.prisma.session.count()).toBe(1);
});

test('a migration that violates a foreign key is rejected', async () => {
  const database = await temporaryDatabase();
  const user = await database.prisma.user.create({ data: sampleUser() });
  await database.prisma.session.create({ data: sampleSession(user.id) });
  const folder = ownMigrations({ '20990101000000_orphans': 'DELETE FROM gatehouse_user;' });
  await expect(migrate(database, { folder })).rejects.toThrow(
    '1 rows of gatehouse_session would refer to rows of gatehouse_user that do not exist',
  );
  expect(await database.prisma.user.count()).toBe(1);
});

test('a database that is newer than the code is not changed', async () => {
  const database = await temporaryDatabase();
  await migrate(database, { folder: ownMigrations({ '20990101000000_later': 'CREATE TABLE later (id);' }) });
  expect(await migrate(database)).toEqual({ applied: [] });
});

test('no migration contains transaction control, which would release the lock', () => {
  const folder = migrationsFolder('sqlite');
  for (const name of readdirSync(folder).filter((entry) => names.includes(entry))) {
    expect(readFileSync(join(folder, name, 'migration.sql'), 'utf8')).not.toMatch(/^\s*(BEGIN|COMMIT|END|ROLLBACK)\b/im);
  }
});
