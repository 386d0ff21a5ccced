/** Read only by Prisma's command line (`prisma studio`, `prisma migrate deploy`). */
import { defineConfig } from 'prisma/config';

export default defineConfig({
  schema: 'schema.prisma',
  migrations: { path: 'migrations/sqlite' },
  // `env()` would also fail commands that need no database.
  datasource: { url: process.env['DATABASE_URL'] ?? 'file:../data/gatehouse.db' },
});
