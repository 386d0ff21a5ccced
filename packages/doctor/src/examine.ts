import type { Database } from '@gatehouse/prisma';
import type { SettingsReading } from '@gatehouse/settings';
import type { Check, Finding, Severity } from './check.ts';
import { CHECKS } from './checks.ts';
import { gatherFacts } from './facts/gather-facts.ts';

export interface ExamineOptions {
  /** Also what takes time: SQLite reads its whole file, expired sessions are counted. Default: true. */
  readonly thorough?: boolean;
  /** Gives the database of these settings, which stays open. Default: it is opened and closed again. Not called for a SQLite file that is not there. */
  readonly open?: (() => Promise<Database>) | undefined;
  /** Epoch milliseconds. Default: `Date.now`. */
  readonly now?: () => number;
}

const ORDER: readonly Severity[] = ['error', 'warning', 'ok', 'skipped'];

/**
 * Everything that is wrong with an installation, worst first, and what is right. Changes nothing and does not throw:
 * what cannot be found out is a finding. Takes at most five seconds: see `gather-facts.ts`.
 */
export async function examine({ settings, problems }: SettingsReading, options: ExamineOptions = {}): Promise<Finding[]> {
  const unread = new Set(problems.map(({ name }) => name));
  const facts = settings && (await gatherFacts(settings, { unread, ...options }));
  const findings = CHECKS.flatMap((check) => (facts ? judged(check, () => check.judge(facts), unread) : notLookedAt(check, [...unread])));
  return [...settingsFindings({ settings, problems }), ...findings].toSorted(
    (a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity),
  );
}

/** The id under which the problems of settings stand. */
export const SETTINGS_CHECK = 'settings';

const settingsFindings = ({ problems }: SettingsReading): Finding[] =>
  problems.length === 0
    ? [{ check: SETTINGS_CHECK, severity: 'ok', found: 'Every setting can be read, and they fit together.' }]
    : problems.map(({ name, problem, fix }) => ({ check: SETTINGS_CHECK, severity: 'error', found: `${name} ${problem}`, mend: fix }));

function judged(check: Check, judge: () => ReturnType<Check['judge']>, unread: ReadonlySet<string>): Finding[] {
  const missing = check.needs.filter((name) => unread.has(name));
  if (missing.length > 0) return notLookedAt(check, missing);
  return [judge()].flat().map((verdict) => ({ check: check.id, ...verdict }));
}

const notLookedAt = ({ id }: Check, names: readonly string[]): Finding[] => [
  { check: id, severity: 'skipped', found: `Not looked at until ${names.join(' and ')} can be read.` },
];
