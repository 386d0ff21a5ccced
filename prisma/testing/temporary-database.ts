import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { migrate, openDatabase, type Database, type OpenOptions } from '../src/index.ts';
import { migratedDatabase } from './migrated-database.ts';
import { SQLITE, type TestDatabase } from './test-databases.ts';

/** A folder of the running test's own, removed when it ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A busy machine is waited for, unless a test is about waiting. */
const PATIENT = { statementTimeoutMs: 20_000, acquireTimeoutMs: 20_000 };

/** An empty database with all migrations, of the running test's own; SQLite, unless told otherwise. */
export async function temporaryDatabase(
  options: OpenOptions & { migrated?: boolean; url?: string; on?: TestDatabase } = {},
): Promise<Database & { url: string }> {
  const { migrated = true, on = SQLITE, url = await (migrated ? temporaryMigrated(on) : temporaryUrl(on)), ...openOptions } = options;
  const database = await openDatabase(url, { ...PATIENT, ...openOptions });
  onTestFinished(() => database.close());
  if (migrated && options.url !== undefined) await migrate(database);
  return { ...database, url };
}

async function temporaryMigrated(on: TestDatabase): Promise<string> {
  const { url, drop } = await migratedDatabase(on);
  onTestFinished(drop);
  return url;
}

/** The address of an empty database without tables, of the running test's own. */
export async function temporaryUrl(on: TestDatabase): Promise<string> {
  const { url, drop } = await on.create();
  onTestFinished(drop);
  return url;
}
