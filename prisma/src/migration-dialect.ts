import type { SqlDriverAdapter, SqlQueryable } from '@prisma/driver-adapter-utils';

/** How one database keeps its history of migrations, and keeps two processes from migrating at once. */
export interface MigrationDialect {
  /** Makes `_prisma_migrations` as Prisma makes it, if it is not there. */
  readonly historyTable: string;
  /** The n-th parameter of a statement, from 1. */
  readonly parameter: (n: number) => string;
  /** A change of tables can be rolled back, and the lock is a transaction: a migration is applied whole or not at all. */
  readonly transactional: boolean;
  /** Runs `work` while no other process migrates, Prisma's own tool included. Waits a minute at most. */
  withLock<T>(connection: SqlDriverAdapter, work: (locked: LockedConnection) => Promise<T>): Promise<T>;
}

export interface LockedConnection extends SqlQueryable {
  /** Runs statements separated by semicolons. */
  runScript(script: string): Promise<void>;
}
