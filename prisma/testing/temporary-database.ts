import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { migrate, openDatabase, type Database, type OpenOptions } from '../src/index.ts';

/** A folder of the running test's own, removed when it ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** An empty SQLite database with all migrations, of the running test's own. */
export async function temporaryDatabase(
  options: OpenOptions & { migrated?: boolean; url?: string } = {},
): Promise<Database & { url: string }> {
  const { migrated = true, url = `file:${join(temporaryFolder(), 'test.db')}`, ...openOptions } = options;
  const database = await openDatabase(url, openOptions);
  onTestFinished(() => database.close());
  if (migrated) await migrate(database);
  return { ...database, url };
}
