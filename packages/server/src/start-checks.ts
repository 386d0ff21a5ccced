import type { Finding } from '@gatehouse/doctor';
import type { Database } from '@gatehouse/prisma';
import { SettingsError, type Settings, type SettingsReading } from '@gatehouse/settings';
import { consoleLogger, type Logger } from './logger.ts';
import { StartError } from './start-error.ts';

type Problem = Extract<Finding, { fix: string }>;

export interface StartChecks {
  /** Returns the open database of the settings, which stays open. Default: opens and closes it. */
  readonly open?: (() => Promise<Database>) | undefined;
  /** For an app with users of its own. Default: false. */
  readonly withoutDatabase?: boolean;
  /** Default: the console, from LOG_LEVEL on. */
  readonly logger?: Logger | undefined;
}

/**
 * Returns the settings if they allow a start. In production, the errors of `gatehouse doctor` prevent it, and are reported together with
 * problems of the settings; its warnings are logged. In other environments only invalid settings prevent a start.
 *
 * @throws SettingsError, StartError
 */
export async function checkedSettings({ settings, problems }: SettingsReading, checks: StartChecks): Promise<Settings> {
  const isProduction = settings?.environment === 'production';
  if (!settings || (problems.length > 0 && !isProduction)) throw new SettingsError(problems);
  if (!isProduction) return settings;
  const { open, withoutDatabase = false, logger = consoleLogger(settings.server.logLevel) } = checks;
  // Imported on use: in development nothing needs it.
  const { examine } = await import('@gatehouse/doctor');
  const findings = await examine({ settings, problems }, { thorough: false, open, withoutDatabase });
  const errors = findings.filter((finding): finding is Problem => finding.severity === 'error');
  if (errors.length > 0) throw new StartError(explain(errors));
  for (const finding of findings)
    if (finding.severity === 'warning') logger.warn({ check: finding.check, fix: finding.fix }, finding.found);
  return settings;
}

const explain = (errors: readonly Problem[]): string =>
  [
    errors.length === 1 ? 'One problem keeps the server from starting:' : `${errors.length} problems keep the server from starting:`,
    ...errors.map(({ found, fix }) => `  ${found}\n      ${fix}`),
    'To check again without starting: gatehouse doctor',
  ].join('\n');
