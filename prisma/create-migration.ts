/**
 * Writes the migration that brings the databases from the existing migrations to the models of schema.prisma.
 *
 *     node prisma/create-migration.ts add_device_name
 *
 * Works offline: Prisma's schema engine runs as WebAssembly on a temporary database. For PostgreSQL it needs a server, version 17 or
 * older, on 127.0.0.1 or at TEST_POSTGRESQL_URL. The engine does not support MySQL: write that SQL by hand; the tests compare it with the
 * models. Review the result and add what the engine cannot know, such as the values of new columns in existing rows. Never edit a
 * published migration; `migrate` refuses it.
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
    console.log(`${provider}: write ${file} by hand, based on the migration of another database.`);
    continue;
  }
  const scratch = await create();
  let script: string | undefined;
  try {
    script = await diffToModels(provider, scratch.url);
  } finally {
    await scratch.drop();
  }
  if (script === undefined) {
    console.log(`${provider}: the migrations already match the models.`);
    continue;
  }
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'migration.sql'), script);
  console.log(`Wrote ${file}`);
}
