import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { postgresqlSchemaAdapter } from '../../postgresql-schema-adapter.ts';
import { diffToModels, engineMigrations, openSchemaEngine, schemaEngineSpeaks } from '../../schema-engine.ts';
import { MARIADB, POSTGRESQL, sampleUser, temporaryDatabase, temporaryFolder, temporaryUrl } from '../../testing/index.ts';
import { migrate, pendingMigrations } from '../migrate.ts';
import { migrationsFolder, readMigrations } from '../migration-files.ts';
import { openDatabase } from '../open-database.ts';
import type { Provider } from '../provider.ts';

const namesOf = (provider: Provider): string[] => readMigrations(migrationsFolder(provider)).map(({ name }) => name);

/** A copy of the migrations with an additional one. */
function withMigration(provider: Provider, name: string, script: string): string {
  const folder = join(temporaryFolder(), 'migrations');
  cpSync(migrationsFolder(provider), folder, { recursive: true });
  mkdirSync(join(folder, name));
  writeFileSync(join(folder, name, 'migration.sql'), script);
  return folder;
}

test('migrations have the same names on every database', () => {
  expect(namesOf('mysql')).toEqual(namesOf('sqlite'));
  expect(namesOf('postgresql')).toEqual(namesOf('sqlite'));
});

describe.each([MARIADB, POSTGRESQL])('$name', (on) => {
  describe.skipIf(!on.available)('migrations', () => {
    const names = namesOf(on.provider);

    test('an empty database gets every migration once, with Prisma’s record of it', async () => {
      const database = await temporaryDatabase({ on, migrated: false });
      expect(await pendingMigrations(database)).toEqual(names);
      const began = Date.now();
      expect(await migrate(database)).toEqual({ applied: names });
      expect(await pendingMigrations(database)).toEqual([]);
      expect(await migrate(database)).toEqual({ applied: [] });
      const rows = await database.prisma.$queryRaw<Record<string, unknown>[]>`SELECT * FROM _gatehouse_migrations ORDER BY started_at`;
      expect(rows.map((row) => [row['migration_name'], row['checksum']])).toEqual(
        readMigrations(migrationsFolder(on.provider)).map(({ name, checksum }) => [name, checksum]),
      );
      for (const row of rows) {
        expect(row).toMatchObject({ id: expect.stringMatching(/^[0-9a-f-]{36}$/), logs: null, rolled_back_at: null });
        expect(Number(row['applied_steps_count'])).toBe(1);
        // In UTC, regardless of the server's time zone.
        for (const column of ['started_at', 'finished_at']) expect(Math.abs((row[column] as Date).getTime() - began)).toBeLessThan(60_000);
      }
    });

    test('indexes have the same names as in SQLite', async () => {
      const { prisma } = await temporaryDatabase({ on });
      const sqlite = await temporaryDatabase();
      const expected = await sqlite.prisma.$queryRaw<
        { name: string }[]
      >`SELECT name FROM sqlite_master WHERE type = 'index' AND name NOT LIKE 'sqlite_%'`;
      const actual =
        on.provider === 'mysql'
          ? await prisma.$queryRaw<{ name: string }[]>`
              SELECT DISTINCT index_name AS name FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name LIKE 'gatehouse%' AND index_name <> 'PRIMARY'`
          : await prisma.$queryRaw<{ name: string }[]>`
              SELECT CAST(indexname AS TEXT) AS name FROM pg_indexes WHERE schemaname = 'public' AND tablename LIKE 'gatehouse%' AND indexname NOT LIKE '%_pkey'`;
      // MySQL uses this one to check the foreign key.
      if (on.provider === 'mysql') expected.push({ name: 'gatehouse_session_user_id_idx' });
      expect(actual.map(({ name }) => name).toSorted()).toEqual(expected.map(({ name }) => name).toSorted());
    });

    test('processes that start at the same time apply each migration once', async () => {
      const { url, prisma } = await temporaryDatabase({ on, migrated: false });
      const script = `
        import { migrate, openDatabase } from ${JSON.stringify(join(import.meta.dirname, '../index.ts'))};
        const database = await openDatabase(process.argv[1]);
        console.log(JSON.stringify(await migrate(database)));
        await database.close();`;
      const runs = await Promise.all(
        [1, 2, 3].map(async () => {
          const child = spawn(process.execPath, ['--input-type=module', '-e', script, url], { stdio: ['ignore', 'pipe', 'inherit'] });
          const [chunks] = await Promise.all([child.stdout.toArray(), once(child, 'exit')]);
          return (JSON.parse(chunks.join('')) as { applied: string[] }).applied;
        }),
      );
      expect(runs.flat().toSorted()).toEqual(names);
      expect(await prisma.$queryRaw`SELECT COUNT(*) AS n FROM _gatehouse_migrations`).toEqual([{ n: BigInt(names.length) }]);
    });

    test('calls in one process wait for each other, including pendingMigrations', async () => {
      const database = await temporaryDatabase({ on, migrated: false });
      const folder = withMigration(
        on.provider,
        '20990101000000_slow',
        on.provider === 'mysql' ? 'CREATE TABLE slow (id INT);\nDO SLEEP(2);' : 'SELECT pg_sleep(2); CREATE TABLE slow (id INT);',
      );
      const runs = Promise.all([migrate(database, { folder }), migrate(database, { folder })]);
      await new Promise((resolve) => setTimeout(resolve, 1200));
      await pendingMigrations(database, { folder });
      expect((await runs).flatMap(({ applied }) => applied).toSorted()).toEqual([...names, '20990101000000_slow']);
    });

    test('migrations have no statement timeout', async () => {
      const database = await temporaryDatabase({ on, statementTimeoutMs: 1000 });
      const sleep = on.provider === 'mysql' ? 'DO SLEEP(2)' : 'SELECT pg_sleep(2)';
      const folder = withMigration(on.provider, '20990101000000_long', `${sleep};\nCREATE TABLE late (id INT);`);
      expect(await migrate(database, { folder })).toEqual({ applied: ['20990101000000_long'] });
      await database.prisma.user.create({ data: sampleUser() });
    });
  });
});

const BAD = '20990101000000_bad';
const HALF = 'CREATE TABLE half (id INT);\nINSERT INTO nowhere VALUES (1);';

describe.skipIf(!MARIADB.available)(MARIADB.name, () => {
  test('a failed migration blocks further ones until it is repaired, because its first statements stay applied', async () => {
    const database = await temporaryDatabase({ on: MARIADB });
    const folder = withMigration('mysql', BAD, HALF);
    await expect(migrate(database, { folder })).rejects.toMatchObject({
      code: 'MIGRATION',
      migration: BAD,
      message: expect.stringContaining('nowhere'),
    });
    writeFileSync(join(folder, BAD, 'migration.sql'), 'CREATE TABLE half (id INT);');
    await expect(migrate(database, { folder })).rejects.toThrow('was started but not finished. Repair the database');
    await expect(pendingMigrations(database, { folder })).rejects.toThrow('was started but not finished');
    await database.prisma.$executeRaw`DROP TABLE half`;
    await database.prisma.$executeRaw`UPDATE _gatehouse_migrations SET rolled_back_at = ${new Date()} WHERE migration_name = ${BAD}`;
    expect(await migrate(database, { folder })).toEqual({ applied: [BAD] });
  });

  test('all texts are compared by their bytes, and all tables are transactional', async () => {
    const { prisma } = await temporaryDatabase({ on: MARIADB });
    const collations = await prisma.$queryRaw`
      SELECT DISTINCT collation_name AS name FROM information_schema.columns
      WHERE table_schema = DATABASE() AND table_name LIKE 'gatehouse%' AND collation_name IS NOT NULL`;
    expect(collations).toEqual([{ name: 'utf8mb4_bin' }]);
    const engines = await prisma.$queryRaw`
      SELECT DISTINCT engine AS name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name LIKE 'gatehouse%'`;
    expect(engines).toEqual([{ name: 'InnoDB' }]);
  });

  test('a user who may not create tables is told what to do', async () => {
    const { url, prisma } = await temporaryDatabase({ on: MARIADB, migrated: false });
    const run = (sql: string): Promise<unknown> => prisma.$executeRaw(Object.assign([sql], { raw: [sql] }));
    const own = new URL(url);
    own.username = own.password = own.pathname.slice(-20);
    await run(`CREATE USER ${own.username}@'%' IDENTIFIED BY '${own.password}'`);
    try {
      await run(`GRANT SELECT ON ${own.pathname.slice(1)}.* TO ${own.username}@'%'`);
      const database = await openDatabase(own.href);
      await expect(migrate(database)).rejects.toThrow(
        /CREATE command denied.*\. The user of DATABASE_URL may not create tables there.* GRANT ALL/,
      );
      await database.close();
    } finally {
      await run(`DROP USER ${own.username}@'%'`);
    }
  });

  test('connections use strict mode, UTC and READ COMMITTED', async () => {
    const { prisma } = await temporaryDatabase({ on: MARIADB });
    expect(await prisma.$queryRaw`SELECT @@time_zone AS zone, @@sql_mode AS mode`).toMatchObject([
      { zone: '+00:00', mode: expect.stringContaining('STRICT_TRANS_TABLES') },
    ]);
    // MariaDB up to 11.1 only has the old name, MySQL 8 only the new one.
    const [isolation] = await prisma.$queryRaw<
      { Value: string }[]
    >`SHOW VARIABLES WHERE variable_name IN ('tx_isolation', 'transaction_isolation')`;
    expect(isolation?.Value).toBe('READ-COMMITTED');
  });
});

describe.skipIf(!POSTGRESQL.available)('PostgreSQL', () => {
  test('a failed migration is rolled back completely and can be fixed', async () => {
    const database = await temporaryDatabase({ on: POSTGRESQL });
    const folder = withMigration('postgresql', BAD, HALF);
    await expect(migrate(database, { folder })).rejects.toThrow(`${BAD} failed and was rolled back: relation "nowhere" does not exist`);
    await expect(database.prisma.$queryRaw`SELECT * FROM half`).rejects.toMatchObject({ code: 'P2010' });
    writeFileSync(join(folder, BAD, 'migration.sql'), 'CREATE TABLE half (id INT);');
    expect(await migrate(database, { folder })).toEqual({ applied: [BAD] });
  });

  test.skipIf(!schemaEngineSpeaks(POSTGRESQL))('Prisma’s engine confirms that the migrated database matches the models', async () => {
    expect(await diffToModels('postgresql', await temporaryUrl(POSTGRESQL))).toBeUndefined();
  });

  test('Prisma’s engine reads our migration history, if it is in its table', async () => {
    const { url, prisma } = await temporaryDatabase({ on: POSTGRESQL });
    await prisma.$executeRaw`ALTER TABLE _gatehouse_migrations RENAME TO _prisma_migrations`;
    const engine = await openSchemaEngine(postgresqlSchemaAdapter(url));
    const diagnosis = await engine.diagnoseMigrationHistory({
      migrationsList: engineMigrations('postgresql'),
      optInToShadowDatabase: false,
      filters: { externalTables: [], externalEnums: [] },
    });
    expect(diagnosis).toMatchObject({ hasMigrationsTable: true, editedMigrationNames: [], failedMigrationNames: [], history: null });
  });

  test.each([
    ["SET search_path TO 'nowhere'", /no schema has been selected to create in\. .* \?schema=public/],
    ['SET default_transaction_read_only TO on', /read-only transaction\. .* connect to the primary/],
  ])('a database that refuses tables (%s) is an error that names the fix', async (setting, message) => {
    const { url, prisma } = await temporaryDatabase({ on: POSTGRESQL, migrated: false });
    const sql = `ALTER DATABASE ${new URL(url).pathname.slice(1)} ${setting}`;
    await prisma.$executeRaw(Object.assign([sql], { raw: [sql] }));
    await expect(migrate(await temporaryDatabase({ url, on: POSTGRESQL, migrated: false }))).rejects.toThrow(message);
  });

  test('a user who may not create tables is told what to do', async () => {
    const { url, prisma } = await temporaryDatabase({ on: POSTGRESQL, migrated: false });
    const run = (sql: string): Promise<unknown> => prisma.$executeRaw(Object.assign([sql], { raw: [sql] }));
    const own = new URL(url);
    own.username = own.password = own.pathname.slice(1);
    await run('REVOKE CREATE ON SCHEMA public FROM PUBLIC');
    await run(`CREATE ROLE ${own.username} LOGIN PASSWORD '${own.password}'`);
    try {
      const database = await openDatabase(own.href);
      await expect(migrate(database)).rejects.toThrow(
        /permission denied for schema public\. The user of DATABASE_URL may not create tables there.* GRANT CREATE/,
      );
      await database.close();
    } finally {
      await run(`DROP ROLE ${own.username}`);
    }
  });

  test('connections use UTC, ISO dates and READ COMMITTED, regardless of the database’s defaults', async () => {
    const { url, prisma } = await temporaryDatabase({ on: POSTGRESQL });
    const name = new URL(url).pathname.slice(1);
    for (const setting of ["timezone TO 'Asia/Kolkata'", "default_transaction_isolation TO 'serializable'", "datestyle TO 'German, DMY'"]) {
      const sql = `ALTER DATABASE ${name} SET ${setting}`;
      await prisma.$executeRaw(Object.assign([sql], { raw: [sql] }));
    }
    const later = await temporaryDatabase({ url, on: POSTGRESQL });
    const at = new Date('2026-03-29T01:30:00.123Z');
    const user = await later.prisma.user.create({ data: { ...sampleUser(), createdAt: at } });
    expect((await prisma.user.findUnique({ where: { id: user.id } }))?.createdAt).toEqual(at);
    expect(await later.prisma.user.findUnique({ where: { id: user.id } })).toEqual(user);
    expect(await later.prisma.$queryRaw`SELECT created_at FROM gatehouse_user WHERE user_id = ${user.id}`).toEqual([{ created_at: at }]);
    expect(
      await later.prisma.$queryRaw`SELECT current_setting('TimeZone') AS zone, current_setting('transaction_isolation') AS level`,
    ).toEqual([{ zone: 'UTC', level: 'read committed' }]);
  });
});
