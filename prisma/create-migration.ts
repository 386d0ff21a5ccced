/**
 * Writes the migration that takes the databases from the migrations so far to the models of schema.prisma.
 *
 *     node prisma/create-migration.ts add_device_name
 *
 * Works without a network: Prisma's schema engine runs as WebAssembly on a database made for the moment. For PostgreSQL
 * that takes a server, 17 or older: that of 127.0.0.1 or of TEST_POSTGRESQL_URL. MySQL it does not speak: there the SQL is written by
 * hand, and the tests find out whether it fits the models.
 * Read what it wrote, and put in what it cannot know (how old rows get their new values). A migration that was
 * ever published is never edited: `migrate` refuses that.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { diffToModels, schemaEngineSpeaks } from './schema-engine.ts';
import { migrationsFolder } from './src/migration-files.ts';
import { DATABASES } from './testing/test-databases.ts';

const [title = ''] = process.argv.slice(2);
if (!/^[a-z][a-z0-9_]*$/.test(title)) {
  console.error('Name the migration in lower case, for example: node prisma/create-migration.ts add_device_name');
  process.exit(2);
}
const stamp = new Date().toISOString().replaceAll(/\D/g, '').slice(0, 14);

for (const on of DATABASES) {
  const { provider, create, available } = on;
  const folder = join(migrationsFolder(provider), `${stamp}_${title}`);
  const file = relative(process.cwd(), join(folder, 'migration.sql'));
  if (!available || !schemaEngineSpeaks(on)) {
    console.log(`${provider}: write ${file} by hand, after that of another database.`);
    continue;
  }
  const workshop = await create();
  let script: string | undefined;
  try {
    script = await diffToModels(provider, workshop.url);
  } finally {
    await workshop.drop();
  }
  if (script === undefined) {
    console.log(`${provider}: the migrations fit the models already.`);
    continue;
  }
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'migration.sql'), script);
  console.log(`Wrote ${file}`);
}
