import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { bindMigrationAwareSqlAdapterFactory, type SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import type { MigrationList } from '@prisma/schema-engine-wasm';
import * as wasm from '@prisma/schema-engine-wasm/schema_engine_bg';
import { deriveSchema } from './derive-schema.ts';
import { postgresqlSchemaAdapter } from './postgresql-schema-adapter.ts';
import type { Database } from './src/database.ts';
import { migrate } from './src/migrate.ts';
import { migrationsFolder, readMigrations } from './src/migration-files.ts';
import { openDatabase } from './src/open-database.ts';
import type { Provider } from './src/provider.ts';

/**
 * Prisma's schema engine as WebAssembly, using one of our adapters. It validates our migration history and creates new migrations. For
 * development only. It supports SQLite and PostgreSQL up to version 17.
 */
export function openSchemaEngine(adapter: SqlMigrationAwareDriverAdapterFactory): Promise<wasm.SchemaEngine> {
  instantiate();
  return wasm.SchemaEngine.new({ datamodels: undefined }, () => undefined, bindMigrationAwareSqlAdapterFactory(adapter));
}

let instantiated = false;

/** Runs only once, because the package keeps its instance in a variable that a second one would replace during calls of the first. */
function instantiate(): void {
  if (instantiated) return;
  const glue = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm');
  const module = new WebAssembly.Module(readFileSync(join(glue, '..', 'schema_engine_bg.wasm')));
  const { exports } = new WebAssembly.Instance(module, { './schema_engine_bg.js': { ...wasm } });
  wasm.__wbg_set_wasm(exports);
  (exports as unknown as { __wbindgen_start(): void }).__wbindgen_start();
  instantiated = true;
}

/** The engine (7.10) panics on PostgreSQL 18, which stores NOT NULL as constraints: https://www.postgresql.org/docs/18/catalog-pg-constraint.html */
export const schemaEngineSpeaks = ({ provider, version }: { provider: Provider; version: string }): boolean =>
  provider === 'sqlite' || (provider === 'postgresql' && Number.parseInt(version, 10) < 18);

/** A provider's migrations folder in the format of the engine. */
export const engineMigrations = (provider: Provider): MigrationList => ({
  baseDir: migrationsFolder(provider),
  lockfile: { path: 'migration_lock.toml', content: `provider = "${provider}"\n` },
  shadowDbInitScript: '',
  migrationDirectories: readMigrations(migrationsFolder(provider)).map(({ name, script }) => ({
    path: name,
    migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: script } },
  })),
});

/** The adapter that the engine uses for a database. */
const schemaAdapter = ({ provider, adapter }: Pick<Database, 'provider' | 'adapter'>, url: string): Database['adapter'] =>
  provider === 'postgresql' ? postgresqlSchemaAdapter(url) : adapter;

const HISTORY = '_gatehouse_migrations';

/** The SQL that brings a database with all migrations to the models of schema.prisma; undefined if they already match. */
export async function diffToModels(provider: Provider, emptyDatabaseUrl: string): Promise<string | undefined> {
  const schema = readFileSync(join(import.meta.dirname, 'schema.prisma'), 'utf8');
  const files = [{ path: 'schema.prisma', content: deriveSchema(schema, { provider, output: './client' }) }];
  const database = await openDatabase(emptyDatabaseUrl);
  try {
    await migrate(database);
    const engine = await openSchemaEngine(schemaAdapter(database, emptyDatabaseUrl));
    const { stdout, exitCode } = await engine.diff({
      from: { tag: 'schemaDatasource', files, configDir: import.meta.dirname },
      to: { tag: 'schemaDatamodel', files },
      script: true,
      exitCode: true,
      // The engine knows only its own history table.
      filters: { externalTables: [provider === 'postgresql' ? `public.${HISTORY}` : HISTORY], externalEnums: [] },
    });
    return exitCode === 0 || stdout === null ? undefined : stdout;
  } finally {
    await database.close();
  }
}
