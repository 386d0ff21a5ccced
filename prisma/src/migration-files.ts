import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Provider } from './provider.ts';

/** A folder of migrations/<provider>. */
export interface Migration {
  /** `20260101000000_init`. Migrations apply in the order of their names. */
  readonly name: string;
  readonly script: string;
  /** SHA-256 of the script in hex, as Prisma records it. */
  readonly checksum: string;
}

export const migrationsFolder = (provider: Provider): string => join(import.meta.dirname, '..', 'migrations', provider);

/** The migrations of a folder, in the order in which they apply. */
export function readMigrations(folder: string): Migration[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => {
      const script = readFileSync(join(folder, name, 'migration.sql'), 'utf8');
      return { name, script, checksum: sha256(script) };
    })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** Ignores different line endings, which Git may introduce, like Prisma does. */
export const isSameScript = (migration: Migration, checksum: string): boolean =>
  [migration.script, migration.script.replaceAll('\r\n', '\n'), migration.script.replaceAll(/\r?\n/g, '\r\n')].some(
    (script) => sha256(script) === checksum,
  );

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
