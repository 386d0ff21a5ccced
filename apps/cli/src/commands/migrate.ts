import { loadSettings, prepareDataFolder, type Settings } from '@gatehouse/settings';
import { command, reporting } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { requireDatabaseFile } from '../local.ts';
import type { Report } from '../report.ts';

export const migrate = () =>
  command('migrate', {
    description: 'Create the database if it does not exist, and apply pending migrations. A server does this when it starts.',
    examples: [
      ['gatehouse migrate', 'before a new version starts'],
      ['gatehouse migrate --check', 'exit code 1 if migrations are pending'],
    ],
  })
    .option('--check', 'list the pending migrations and change nothing')
    .action(reporting(({ check }: { check?: boolean }) => (check ? checkMigrations(loadSettings()) : migrateNow(loadSettings()))));

async function migrateNow(settings: Settings): Promise<Report> {
  const { migrate: applyMigrations, openDatabase } = await import('@gatehouse/prisma');
  prepareDataFolder(settings);
  const database = await openDatabase(settings.database.url);
  try {
    const { applied } = await applyMigrations(database);
    return { json: { applied }, lines: applied.length === 0 ? ['The database is up to date.'] : applied.map((name) => `Applied ${name}.`) };
  } finally {
    await database.close();
  }
}

async function checkMigrations(settings: Settings): Promise<Report> {
  const { openDatabase, pendingMigrations } = await import('@gatehouse/prisma');
  requireDatabaseFile(settings);
  const database = await openDatabase(settings.database.url);
  try {
    const pending = await pendingMigrations(database);
    if (pending.length === 0) return { json: { pending }, lines: ['The database is up to date.'] };
    return {
      json: { pending },
      lines: [...pending.map((name) => `Pending: ${name}`), 'Apply them: gatehouse migrate'],
      exitCode: EXIT.FAILURE,
    };
  } finally {
    await database.close();
  }
}
