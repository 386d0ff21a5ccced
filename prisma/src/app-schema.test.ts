import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3';
import { describe, expect, test } from 'vitest';
import { postgresqlSchemaAdapter } from '../postgresql-schema-adapter.ts';
import { openSchemaEngine, schemaEngineSpeaks } from '../schema-engine.ts';
import { DATABASES, POSTGRESQL, temporaryDatabase, temporaryFolder } from '../testing/index.ts';
import { dialectOf } from './dialect-of.ts';
import { externalTables } from './external-tables.ts';
import { migrate, migrationStatus, openDatabase } from './index.ts';
import { migrationsFolder, readMigrations } from './migration-files.ts';
import { plain } from './server/server-adapter.ts';
import { withConnection } from './with-connection.ts';

/* An app that has its own Prisma schema, and Prisma's history of it, in the database of Gatehouse. */

type Opened = Awaited<ReturnType<typeof temporaryDatabase>>;

const run = (database: Opened, sql: string) => withConnection(database, (connection) => connection.executeRaw(plain(sql)));

const namesIn = (database: Opened, table: string): Promise<unknown[]> =>
  withConnection(database, async (connection) =>
    (await connection.queryRaw(plain(`SELECT migration_name FROM ${table} ORDER BY migration_name`))).rows.flat(),
  );

/** Two migrations of the app as Prisma records them. The second failed. */
async function addAppHistory(database: Opened): Promise<void> {
  const { historyTable } = await dialectOf(database.provider);
  await run(database, historyTable.replace('_gatehouse_migrations', '_prisma_migrations'));
  const rows = [`'1', 'a', CURRENT_TIMESTAMP, '20260101000000_init'`, `'2', 'b', NULL, '20260102000000_failed'`];
  for (const row of rows)
    // oxlint-disable-next-line no-await-in-loop -- in the order in which they were applied
    await run(database, `INSERT INTO _prisma_migrations (id, checksum, finished_at, migration_name) VALUES (${row})`);
}

const APP = ['20260101000000_init', '20260102000000_failed'];
const UP_TO_DATE = { pending: [], unfinished: [], edited: [], unknown: [] };

describe.each(DATABASES)('on $name', (on) => {
  describe.skipIf(!on.available)('an app with its own Prisma schema', () => {
    const names = readMigrations(migrationsFolder(on.provider)).map(({ name }) => name);

    test('that was there first: its history is neither read nor changed', async () => {
      const database = await temporaryDatabase({ on, migrated: false });
      await addAppHistory(database);
      expect(await migrate(database)).toEqual({ applied: names });
      expect(await migrationStatus(database)).toEqual(UP_TO_DATE);
      expect(await namesIn(database, '_prisma_migrations')).toEqual(APP);
    });

    test('whose table had our history too: our rows move to our own table, and only they', async () => {
      const database = await temporaryDatabase({ on });
      await run(database, 'ALTER TABLE _gatehouse_migrations RENAME TO moved');
      await addAppHistory(database);
      await run(database, 'INSERT INTO _prisma_migrations SELECT * FROM moved');
      expect(await migrationStatus(database)).toEqual(UP_TO_DATE);

      const folder = join(temporaryFolder(), 'migrations');
      cpSync(migrationsFolder(on.provider), folder, { recursive: true });
      mkdirSync(join(folder, '20990101000000_next'));
      writeFileSync(join(folder, '20990101000000_next', 'migration.sql'), 'CREATE TABLE next_one (id INT);');
      expect(await migrate(database, { folder })).toEqual({ applied: ['20990101000000_next'] });
      expect(await namesIn(database, '_prisma_migrations')).toEqual(APP);
      expect(await namesIn(database, '_gatehouse_migrations')).toEqual([...names, '20990101000000_next']);
    });
  });
});

test('the external tables are those of the models, and the history', () => {
  const schema = readFileSync(join(import.meta.dirname, '../schema.prisma'), 'utf8');
  const models = [...schema.matchAll(/@@map\("(\w+)"\)/g)].map(([, table]) => table);
  expect(new Set(externalTables())).toEqual(new Set(['_gatehouse_migrations', ...models]));
});

const appMigrations = (provider: string) => ({
  baseDir: temporaryFolder(),
  lockfile: { path: 'migration_lock.toml', content: `provider = "${provider}"\n` },
  shadowDbInitScript: '',
  migrationDirectories: [
    {
      path: '20260101000000_init',
      migrationFile: {
        path: 'migration.sql',
        content: { tag: 'ok' as const, value: 'CREATE TABLE "Post" ("id" TEXT NOT NULL PRIMARY KEY);' },
      },
    },
  ],
});

test('on SQLite, `prisma migrate` of an app that comes second finds neither an obstacle nor drift', async () => {
  const url = `file:${join(temporaryFolder(), 'shared.db')}`;
  const first = await openDatabase(url);
  await migrate(first);
  await first.close();

  // The engine locks the file until its connection is closed.
  const driver = new PrismaBetterSqlite3({ url });
  const connection = await driver.connect();
  const engine = await openSchemaEngine({
    provider: 'sqlite',
    adapterName: driver.adapterName,
    connect: async () => connection,
    connectToShadowDb: () => driver.connectToShadowDb(),
  });
  const migrationsList = appMigrations('sqlite');
  const filters = { externalTables: externalTables(), externalEnums: [] };
  expect(await engine.applyMigrations({ migrationsList, filters })).toEqual({ appliedMigrationNames: ['20260101000000_init'] });
  expect(await engine.devDiagnostic({ migrationsList, filters })).toEqual({ action: { tag: 'createMigration' } });
  await connection.dispose();
  expect(await migrationStatus(await temporaryDatabase({ url, migrated: false }))).toEqual(UP_TO_DATE);
});

test.skipIf(!POSTGRESQL.available || !schemaEngineSpeaks(POSTGRESQL))(
  'on PostgreSQL, `prisma migrate deploy` of an app that comes second applies its migrations',
  async () => {
    const database = await temporaryDatabase({ on: POSTGRESQL });
    const engine = await openSchemaEngine(postgresqlSchemaAdapter(database.url));
    const filters = { externalTables: externalTables('public'), externalEnums: [] };
    expect(await engine.applyMigrations({ migrationsList: appMigrations('postgresql'), filters })).toEqual({
      appliedMigrationNames: ['20260101000000_init'],
    });
    expect(await migrationStatus(database)).toEqual(UP_TO_DATE);
  },
);
