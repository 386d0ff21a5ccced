export { DatabaseOpenError } from './database-open-error.ts';
export type { Database, OpenOptions } from './database.ts';
export { inTransaction, isConflict, isUniqueViolation, type Transaction } from './in-transaction.ts';
export { openDatabase } from './open-database.ts';
export type { Provider } from './provider.ts';
export { MigrationError } from './migration-error.ts';
export { isDatabaseUnavailable } from './is-database-unavailable.ts';
export { migrate, pendingMigrations, type MigrateOptions } from './migrate.ts';
export { whereText } from './where-text.ts';
