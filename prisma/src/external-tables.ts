/**
 * Gatehouse's tables, for an app whose own Prisma schema is in the same database. In its prisma.config.ts:
 *
 *     import { externalTables } from '@gatehouse/prisma/external-tables';
 *     export default defineConfig({ experimental: { externalTables: true }, tables: { external: externalTables() } });
 *
 * `prisma migrate` then neither reports them as drift nor drops them.
 *
 * @param schema for PostgreSQL, where Prisma wants names with the schema: `externalTables('public')`
 */
export const externalTables = (schema?: string): string[] => TABLES.map((table) => (schema === undefined ? table : `${schema}.${table}`));

const TABLES = [
  '_gatehouse_migrations',
  'gatehouse_activity',
  'gatehouse_adoption_mark',
  'gatehouse_hour_count',
  'gatehouse_lease',
  'gatehouse_limit',
  'gatehouse_session',
  'gatehouse_user',
  'gatehouse_user_word',
];
