import { examine, type Finding } from '@gatehouse/doctor';
import { openDatabase, type Database } from '@gatehouse/prisma';
import { prepareDataFolder, SettingsError, type Settings, type SettingsReading } from '@gatehouse/settings';
import { createLogger } from './logger.ts';
import { StartError } from '@gatehouse/server';

type Problem = Extract<Finding, { fix: string }>;

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
  const { settings, problems } = reading;
  const isProduction = settings?.environment === 'production';
  if (!settings || (problems.length > 0 && !isProduction)) throw new SettingsError(problems);
  let database: Promise<Database> | undefined;
  const open = (): Promise<Database> => (database ??= openDatabase(settings.database.url));
  if (isProduction) await refuseErrors(reading, settings, open);
  prepareDataFolder(settings);
  return { settings, database: await open() };
}

async function refuseErrors(reading: SettingsReading, settings: Settings, open: () => Promise<Database>): Promise<void> {
  const findings = await examine(reading, { thorough: false, open });
  const errors = findings.filter((finding): finding is Problem => finding.severity === 'error');
  if (errors.length > 0) throw new StartError(explain(errors));
  const logger = createLogger(settings);
  for (const finding of findings)
    if (finding.severity === 'warning') logger.warn({ check: finding.check, fix: finding.fix }, finding.found);
}

const explain = (errors: readonly Problem[]): string =>
  [
    errors.length === 1 ? 'One problem keeps the server from starting:' : `${errors.length} problems keep the server from starting:`,
    ...errors.map(({ found, fix }) => `  ${found}\n      ${fix}`),
    'To check again without starting: pnpm gatehouse doctor',
  ].join('\n');

/** Outside production: one line for each error that would prevent a start in production. With default settings there are none. */
export async function hints(settings: Settings, database: Database): Promise<string[]> {
  if (settings.environment === 'production') return [];
  const findings = await examine({ settings, problems: [] }, { thorough: false, open: () => Promise.resolve(database) });
  return findings
    .filter(({ severity }) => severity === 'error')
    .map(({ found }) => `Note: ${found} (Run pnpm gatehouse doctor for details.)`);
}
