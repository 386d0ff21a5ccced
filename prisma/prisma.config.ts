/** For Prisma's own command line (`prisma studio`, `prisma migrate deploy`); nothing else reads it. */
import { defineConfig } from 'prisma/config';

export default defineConfig({
  schema: 'schema.prisma',
  migrations: { path: 'migrations/sqlite' },
  // Not `env()`, which fails commands that need no database.
  datasource: { url: process.env['DATABASE_URL'] ?? 'file:../data/gatehouse.db' },
});
