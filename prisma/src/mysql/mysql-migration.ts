import type { MigrationDialect } from '../migration-dialect.ts';
import { plain } from '../server/server-adapter.ts';

/** The lock of Prisma's own `migrate`. It applies to the whole server and ends with the connection. */
const LOCK = 'prisma_migrate';
const LOCK_TIMEOUT_SECONDS = 60;

export const mysqlMigration: MigrationDialect = {
  historyTable: `CREATE TABLE IF NOT EXISTS _gatehouse_migrations (
    id                      VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum                VARCHAR(64) NOT NULL,
    finished_at             DATETIME(3),
    migration_name          VARCHAR(255) NOT NULL,
    logs                    TEXT,
    rolled_back_at          DATETIME(3),
    started_at              DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    applied_steps_count     INTEGER UNSIGNED NOT NULL DEFAULT 0
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;`,
  tableExists: 'SELECT 1 FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = ?',
  parameter: () => '?',
  // CREATE and ALTER commit implicitly.
  transactional: false,

  async withLock(connection, work) {
    // Only to keep the same connection until it is released.
    const held = await connection.startTransaction();
    const singleValue = async (sql: string): Promise<unknown> => (await held.queryRaw(plain(sql))).rows[0]?.[0];
    try {
      if (Number(await singleValue(`SELECT GET_LOCK('${LOCK}', ${LOCK_TIMEOUT_SECONDS})`)) !== 1) {
        throw new Error(
          `Another process has been migrating for ${LOCK_TIMEOUT_SECONDS} seconds. Wait for it or stop it, then migrate again.`,
        );
      }
      try {
        return await work({
          provider: held.provider,
          adapterName: held.adapterName,
          queryRaw: (query) => held.queryRaw(query),
          executeRaw: (query) => held.executeRaw(query),
          runScript: async (script) => void (await held.executeRaw(plain(script))),
        });
      } finally {
        await singleValue(`SELECT RELEASE_LOCK('${LOCK}')`).catch(() => undefined);
      }
    } finally {
      await held.commit().catch(() => undefined);
    }
  },
};
