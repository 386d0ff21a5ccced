import type { MigrationDialect } from './migration-dialect.ts';
import type { Provider } from './provider.ts';

/** Imports the dialect on demand, because it may load a database driver. */
export async function dialectOf(provider: Provider): Promise<MigrationDialect> {
  switch (provider) {
    case 'sqlite':
      return (await import('./sqlite/sqlite-migration.ts')).sqliteMigration;
    case 'mysql':
      return (await import('./mysql/mysql-migration.ts')).mysqlMigration;
    case 'postgresql':
      return (await import('./postgresql/postgresql-migration.ts')).postgresqlMigration;
  }
}
