import { rmSync } from 'node:fs';
import { loadSettings, SettingsError } from '../packages/settings/src/index.ts';

// `pnpm db:reset`: deletes the database, as before the first start. Only for a SQLite file, and never in production.
try {
  const { environment, database } = loadSettings();
  if (environment === 'production')
    throw new SettingsError([
      { name: 'NODE_ENV', problem: 'is production, and a reset would delete all accounts.', fix: 'Reset only development databases.' },
    ]);
  if (database.provider !== 'sqlite')
    throw new SettingsError([
      { name: 'DATABASE_URL', problem: 'is not a SQLite file.', fix: 'Drop and create the database with its own tools.' },
    ]);
  for (const suffix of ['', '-wal', '-shm']) rmSync(database.file + suffix, { force: true });
  console.log(`Removed ${database.file}. The next start creates a new one.`);
} catch (error) {
  console.error(error instanceof SettingsError ? error.message : error);
  process.exit(1);
}
