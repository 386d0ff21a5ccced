import type { SqlDriverAdapter } from '@prisma/driver-adapter-utils';
import type { Migration } from '../migration-files.ts';
import { whileBusy } from './busy.ts';

/** Longest wait for another process that is migrating. */
const LOCK_TIMEOUT_MS = 60_000;

/**
 * Runs `work` in a transaction that no other process's can overlap: that is the lock. SQLite changes tables
 * transactionally, so a migration is applied whole, with its record, or not at all.
 *
 * Foreign keys are off meanwhile, as SQLite's own recipe for changing a table asks: replacing a table drops the old
 * one, and that would cascade. The switch does nothing inside a transaction, so a script cannot turn them off itself.
 * They are checked before the commit. https://www.sqlite.org/lang_altertable.html#otheralter
 */
export async function withMigrationLock<T>(connection: SqlDriverAdapter, work: () => Promise<T>): Promise<T> {
  const execute = (sql: string): Promise<number> => connection.executeRaw({ sql, args: [], argTypes: [] });
  await execute('PRAGMA foreign_keys = OFF');
  await whileBusy(performance.now() + LOCK_TIMEOUT_MS, () => execute('BEGIN IMMEDIATE'));
  try {
    const result = await work();
    await execute('COMMIT');
    return result;
  } catch (error) {
    await execute('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

export async function runScript(connection: SqlDriverAdapter, migration: Migration): Promise<void> {
  await connection.executeScript(migration.script);
  const { rows } = await connection.queryRaw({ sql: 'PRAGMA foreign_key_check', args: [], argTypes: [] });
  if (rows.length > 0)
    throw new Error(`${rows.length} rows of ${String(rows[0]?.[0])} would refer to rows of ${String(rows[0]?.[2])} that are not there`);
}
