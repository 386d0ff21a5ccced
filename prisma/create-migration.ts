/**
 * Writes the migration that takes the databases from the migrations so far to the models of schema.prisma.
 *
 *     node prisma/create-migration.ts add_device_name
 *
 * Works without a network: Prisma's schema engine runs as WebAssembly on a database made for the moment.
 * Read what it wrote, and put in what it cannot know (how old rows get their new values). A migration that was
 * ever published is never edited: `migrate` refuses that.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { PROVIDERS } from './derive-schema.ts';
import { diffToModels } from './schema-engine.ts';
import { migrationsFolder } from './src/migration-files.ts';

const [title = ''] = process.argv.slice(2);
if (!/^[a-z][a-z0-9_]*$/.test(title)) {
  console.error('Name the migration in lower case, for example: node prisma/create-migration.ts add_device_name');
  process.exit(2);
}
const stamp = new Date().toISOString().replaceAll(/\D/g, '').slice(0, 14);

for (const provider of PROVIDERS) {
  const workshop = mkdtempSync(join(tmpdir(), 'gatehouse-migration-'));
  const script = await diffToModels(provider, `file:${join(workshop, 'migrated.db')}`).finally(() => rmSync(workshop, { recursive: true }));
  if (script === undefined) {
    console.log(`${provider}: the migrations fit the models already.`);
    continue;
  }
  const folder = join(migrationsFolder(provider), `${stamp}_${title}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'migration.sql'), script);
  console.log(`Wrote ${relative(process.cwd(), join(folder, 'migration.sql'))}`);
}
