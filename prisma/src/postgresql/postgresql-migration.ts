import type { MigrationDialect } from '../migration-dialect.ts';
import { plain } from '../server/server-adapter.ts';

/** The advisory lock of Prisma's own `migrate`. */
const LOCK = 72_707_369;

export const postgresqlMigration: MigrationDialect = {
  historyTable: `CREATE TABLE IF NOT EXISTS _gatehouse_migrations (
    id                      VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum                VARCHAR(64) NOT NULL,
    finished_at             TIMESTAMPTZ,
    migration_name          VARCHAR(255) NOT NULL,
    logs                    TEXT,
    rolled_back_at          TIMESTAMPTZ,
    started_at              TIMESTAMPTZ NOT NULL DEFAULT now(),
    applied_steps_count     INTEGER NOT NULL DEFAULT 0
);`,
  tableExists: 'SELECT 1 WHERE to_regclass($1) IS NOT NULL',
  parameter: (n) => `$${n}`,
  transactional: true,

  async withLock(connection, work) {
    const transaction = await connection.startTransaction();
    try {
      await transaction.executeRaw(plain("SET LOCAL lock_timeout = '60s'"));
      await transaction.queryRaw(plain(`SELECT CAST(pg_advisory_xact_lock(${LOCK}) AS TEXT)`));
      const result = await work({
        provider: transaction.provider,
        adapterName: transaction.adapterName,
        queryRaw: (query) => transaction.queryRaw(query),
        executeRaw: (query) => transaction.executeRaw(query),
        // Without parameters it is sent as simple query, which may contain several statements.
        runScript: async (script) => void (await transaction.executeRaw(plain(script))),
      });
      await transaction.executeRaw(plain('COMMIT'));
      await transaction.commit();
      return result;
    } catch (error) {
      await transaction.executeRaw(plain('ROLLBACK'));
      await transaction.rollback();
      throw error;
    }
  },
};
