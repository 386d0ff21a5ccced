import type { SqlDriverAdapter, SqlQueryable } from '@prisma/driver-adapter-utils';

/** How a database stores its migration history and prevents two processes from migrating at the same time. */
export interface MigrationDialect {
  /** SQL that creates the table of the migration history if it does not exist, with the columns of Prisma's. */
  readonly historyTable: string;
  /** A query with the name of a table as parameter. It returns a row if the table exists. */
  readonly tableExists: string;
  /** The placeholder of the n-th parameter, starting at 1. */
  readonly parameter: (n: number) => string;
  /** Whether schema changes can be rolled back and the lock is a transaction, so that a migration is applied completely or not at all. */
  readonly transactional: boolean;
  /** Runs `work` while no other process migrates, including Prisma's own tool. Waits at most a minute. */
  withLock<T>(connection: SqlDriverAdapter, work: (locked: LockedConnection) => Promise<T>): Promise<T>;
}

export interface LockedConnection extends SqlQueryable {
  /** Runs statements separated by semicolons. */
  runScript(script: string): Promise<void>;
}
