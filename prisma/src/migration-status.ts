import type { Database } from './database.ts';
import { dialectOf } from './dialect-of.ts';
import type { MigrateOptions } from './migrate.ts';
import { isSameScript, migrationsFolder, readMigrations } from './migration-files.ts';
import { readHistory } from './migration-history.ts';
import { withConnection } from './with-connection.ts';

/** Names of migrations by state. */
export interface MigrationStatus {
  /** Not applied yet. */
  readonly pending: readonly string[];
  /** Started but not finished: failed halfway, or being applied by another process right now. */
  readonly unfinished: readonly string[];
  /** Edited after they were applied. */
  readonly edited: readonly string[];
  /** Applied by a newer version of this code. */
  readonly unknown: readonly string[];
}

/** Compares the database with the migrations of this code. Takes no lock and changes nothing. */
export async function migrationStatus(database: Database, options: MigrateOptions = {}): Promise<MigrationStatus> {
  const migrations = readMigrations(options.folder ?? migrationsFolder(database.provider));
  const dialect = await dialectOf(database.provider);
  const history = await withConnection(database, (connection) => readHistory(connection, dialect, migrations));
  const applied = new Map(history.map((row) => [row.name, row]));
  const known = new Set(migrations.map(({ name }) => name));
  return {
    pending: migrations.filter(({ name }) => !applied.has(name)).map(({ name }) => name),
    unfinished: history.filter(({ finished }) => !finished).map(({ name }) => name),
    edited: migrations.filter((migration) => isEdited(migration, applied.get(migration.name)?.checksum)).map(({ name }) => name),
    unknown: history.filter(({ name }) => !known.has(name)).map(({ name }) => name),
  };
}

const isEdited = (migration: Parameters<typeof isSameScript>[0], checksum: string | undefined): boolean =>
  checksum !== undefined && !isSameScript(migration, checksum);
