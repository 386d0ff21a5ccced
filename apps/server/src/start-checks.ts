import { examine } from '@gatehouse/doctor';
import { openDatabase, type Database } from '@gatehouse/prisma';
import { prepareDataFolder, type Settings, type SettingsReading } from '@gatehouse/settings';
import { checkedSettings } from '@gatehouse/server/host';
import { createLogger } from './logger.ts';

export interface Start {
  readonly settings: Settings;
  readonly database: Database;
}

/**
 * Returns the settings and an open database. In production, errors of `gatehouse doctor` prevent the start, and all are reported
 * at once; warnings are logged. In other environments only invalid settings or an unusable database prevent it.
 * @throws SettingsError, DatabaseOpenError, StartError
 */
export async function checkedStart(reading: SettingsReading): Promise<Start> {
  let database: Promise<Database> | undefined;
  const url = reading.settings?.database.url;
  const open = url === undefined ? undefined : (): Promise<Database> => (database ??= openDatabase(url));
  const settings = await checkedSettings(reading, { open, ...(reading.settings && { logger: createLogger(reading.settings) }) });
  prepareDataFolder(settings);
  return { settings, database: await (database ?? openDatabase(settings.database.url)) };
}

/** Outside production: one line for each error that would prevent a start in production. With default settings there are none. */
export async function hints(settings: Settings, database: Database): Promise<string[]> {
  if (settings.environment === 'production') return [];
  const findings = await examine({ settings, problems: [] }, { thorough: false, open: () => Promise.resolve(database) });
  return findings
    .filter(({ severity }) => severity === 'error')
    .map(({ found }) => `Note: ${found} (Run pnpm gatehouse doctor for details.)`);
}
