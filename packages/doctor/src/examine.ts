import type { Database } from '@gatehouse/prisma';
import type { SettingsReading } from '@gatehouse/settings';
import type { Check, Finding, Severity } from './check.ts';
import { CHECKS, CHECKS_WITHOUT_DATABASE } from './checks.ts';
import { gatherFacts } from './facts/gather-facts.ts';

export interface ExamineOptions {
  /** Includes slow checks: reading the whole SQLite file and counting expired sessions. Default: true. */
  readonly thorough?: boolean;
  /** Returns the open database of these settings, which stays open. Not called if the SQLite file is missing. Default: opens and closes it. */
  readonly open?: (() => Promise<Database>) | undefined;
  /** For an app with users of its own, which opens no database. The checks of the database are left out. Default: false. */
  readonly withoutDatabase?: boolean;
  /** Epoch milliseconds. Default: `Date.now`. */
  readonly now?: () => number;
}

const ORDER: readonly Severity[] = ['error', 'warning', 'ok', 'skipped'];

/**
 * Runs all checks and returns their findings, errors first. Changes nothing and does not throw: a failure to gather a fact is a finding
 * too. Takes at most five seconds; see `gather-facts.ts`.
 */
export async function examine({ settings, problems }: SettingsReading, options: ExamineOptions = {}): Promise<Finding[]> {
  const invalid = new Set(problems.map(({ name }) => name));
  const facts = settings && (await gatherFacts(settings, { invalid, ...options }));
  const checks = options.withoutDatabase ? CHECKS_WITHOUT_DATABASE : CHECKS;
  const findings = checks.flatMap((check) => (facts ? runCheck(check, () => check.judge(facts), invalid) : skip(check, [...invalid])));
  return [...settingsFindings({ settings, problems }), ...findings].toSorted(
    (a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity),
  );
}

/** The check id of problems with the settings. */
export const SETTINGS_CHECK = 'settings';

const settingsFindings = ({ problems }: SettingsReading): Finding[] =>
  problems.length === 0
    ? [{ check: SETTINGS_CHECK, severity: 'ok', found: 'All settings are valid.' }]
    : problems.map(({ name, problem, fix }) => ({ check: SETTINGS_CHECK, severity: 'error', found: `${name} ${problem}`, fix }));

function runCheck(check: Check, judge: () => ReturnType<Check['judge']>, invalid: ReadonlySet<string>): Finding[] {
  const missing = check.needs.filter((name) => invalid.has(name));
  if (missing.length > 0) return skip(check, missing);
  return [judge()].flat().map((verdict) => ({ check: check.id, ...verdict }));
}

const skip = ({ id }: Check, names: readonly string[]): Finding[] => [
  { check: id, severity: 'skipped', found: `Skipped until ${names.join(' and ')} can be read.` },
];
