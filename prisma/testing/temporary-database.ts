import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { migrate, openDatabase, type Database, type OpenOptions } from '../src/index.ts';
import { migratedDatabase } from './migrated-database.ts';
import { SQLITE, type TestDatabase } from './test-databases.ts';

/** A folder that is removed when the running test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Long timeouts, because the machine may be busy. Tests of timeouts override them. */
const LONG_TIMEOUTS = { statementTimeoutMs: 20_000, acquireTimeoutMs: 20_000 };

/** An empty database for the running test, with all migrations. SQLite by default. */
export async function temporaryDatabase(
  options: OpenOptions & { migrated?: boolean; url?: string; on?: TestDatabase } = {},
): Promise<Database & { url: string }> {
  const { migrated = true, on = SQLITE, url = await (migrated ? temporaryMigrated(on) : temporaryUrl(on)), ...openOptions } = options;
  const database = await openDatabase(url, { ...LONG_TIMEOUTS, ...openOptions });
  onTestFinished(() => database.close());
  if (migrated && options.url !== undefined) await migrate(database);
  return { ...database, url };
}

async function temporaryMigrated(on: TestDatabase): Promise<string> {
  const { url, drop } = await migratedDatabase(on);
  onTestFinished(drop);
  return url;
}

/** The address of a database without tables for the running test. */
export async function temporaryUrl(on: TestDatabase): Promise<string> {
  const { url, drop } = await on.create();
  onTestFinished(drop);
  return url;
}
