import type { SqlDriverAdapter } from '@prisma/driver-adapter-utils';
import type { MigrationDialect } from '../migration-dialect.ts';
import { whileBusy } from './busy.ts';

/** Maximum wait for another process that is migrating. */
const LOCK_TIMEOUT_MS = 60_000;

export const sqliteMigration: MigrationDialect = {
  historyTable: `CREATE TABLE IF NOT EXISTS "_gatehouse_migrations" (
    "id"                    TEXT PRIMARY KEY NOT NULL,
    "checksum"              TEXT NOT NULL,
    "finished_at"           DATETIME,
    "migration_name"        TEXT NOT NULL,
    "logs"                  TEXT,
    "rolled_back_at"        DATETIME,
    "started_at"            DATETIME NOT NULL DEFAULT current_timestamp,
    "applied_steps_count"   INTEGER UNSIGNED NOT NULL DEFAULT 0
);`,
  tableExists: "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?",
  parameter: () => '?',
  transactional: true,

  /**
   * The lock is an IMMEDIATE transaction, which excludes those of other processes.
   *
   * Foreign keys are off during migrations, as SQLite's documentation recommends: replacing a table drops the old one, which would cascade.
   * The pragma has no effect inside a transaction, so a script cannot set it itself. Foreign keys are checked before the commit.
   * https://www.sqlite.org/lang_altertable.html#otheralter
   */
  async withLock(connection, work) {
    const execute = (sql: string): Promise<number> => connection.executeRaw({ sql, args: [], argTypes: [] });
    await execute('PRAGMA foreign_keys = OFF');
    await whileBusy(performance.now() + LOCK_TIMEOUT_MS, () => execute('BEGIN IMMEDIATE'));
    try {
      const result = await work({ ...connection, runScript: (script) => runScript(connection, script) });
      await execute('COMMIT');
      return result;
    } catch (error) {
      await execute('ROLLBACK').catch(() => undefined);
      throw error;
    }
  },
};

async function runScript(connection: SqlDriverAdapter, script: string): Promise<void> {
  await connection.executeScript(script);
  const { rows } = await connection.queryRaw({ sql: 'PRAGMA foreign_key_check', args: [], argTypes: [] });
  if (rows.length > 0)
    throw new Error(`${rows.length} rows of ${String(rows[0]?.[0])} would refer to rows of ${String(rows[0]?.[2])} that do not exist`);
}
