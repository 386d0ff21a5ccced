export { DatabaseOpenError } from './database-open-error.ts';
export type { Database, OpenOptions, PoolerFacts } from './database.ts';
export { describeServer, type ServerDescription } from './server/describe-server.ts';
export { deleteSome } from './delete-some.ts';
export { inTransaction, isConflict, isUniqueViolation, type Transaction } from './in-transaction.ts';
export { openDatabase } from './open-database.ts';
export { openReadOnly, type ReadOnlyDatabase } from './open-read-only.ts';
export type { Provider } from './provider.ts';
export { MigrationError } from './migration-error.ts';
export { isDatabaseUnavailable } from './is-database-unavailable.ts';
export { migrate, pendingMigrations, type MigrateOptions } from './migrate.ts';
/** For raw statements: https://www.prisma.io/docs/orm/prisma-client/using-raw-sql/raw-queries */
export { sqltag as sql } from '@prisma/client/runtime/client';
export { whereText } from './where-text.ts';
export { detectServer } from './server/detect-server.ts';
export { migrationStatus, type MigrationStatus } from './migration-status.ts';
