import { error, ok, skipped, warning, type Check, type Verdict } from '../check.ts';
import type { DatabaseFacts } from '../facts/database-facts.ts';
import { DATABASE_SETTINGS } from '../on-database.ts';

/** The oldest that have what is asked of them. */
const OLDEST = { MariaDB: [10, 6], MySQL: [8, 0], PostgreSQL: [13, 0], SQLite: [3, 38] } as const;

/**
 * A database that cannot be opened is an error, with the reason. A version older than MariaDB 10.6, MySQL 8.0 or PostgreSQL 13 is a
 * warning. A start creates a missing SQLite file; in production a missing file is a warning, because its path may be mistyped.
 */
export const database: Check = {
  id: 'database',
  needs: DATABASE_SETTINGS,
  judge({ database: state, settings }) {
    switch (state.status) {
      case 'open':
        return judgeVersion(state.facts, settings.database.provider);
      case 'absent':
        return settings.environment === 'production'
          ? warning(
              `There is no database at ${state.file}; a start makes an empty one.`,
              'If there should be one, correct DATABASE_URL or GATEHOUSE_DATA_DIR. To make it: gatehouse migrate',
            )
          : skipped(`There is none yet: a start makes it, at ${state.file}.`);
      case 'unreachable':
        return error(...sentenceAndMend(state.problem));
    }
  },
};

function judgeVersion({ version }: DatabaseFacts, provider: 'sqlite' | 'mysql' | 'postgresql'): Verdict {
  if (!version.ok)
    return error(
      `The database is open and does not answer: ${version.problem}`,
      'Look whether it is overloaded, locked or stopped, and try again.',
    );
  const name =
    provider === 'sqlite' ? 'SQLite' : provider === 'postgresql' ? 'PostgreSQL' : /mariadb/i.test(version.value) ? 'MariaDB' : 'MySQL';
  const number = /\d+(\.\d+)+/.exec(version.value)?.[0] ?? version.value;
  const [major = 0, minor = 0] = number.split('.').map(Number);
  const [least, leastMinor] = OLDEST[name];
  if (major > least || (major === least && minor >= leastMinor)) return ok(`${name} ${number} answers.`);
  return warning(`${name} ${number} is older than what Gatehouse asks for.`, `Run ${name} ${least}.${leastMinor} or newer.`);
}

/** Errors of opening say what is wrong, and from their second sentence on what to do. */
export function sentenceAndMend(problem: string): [found: string, mend: string] {
  const end = /[.:] (?=[A-Z])/.exec(problem);
  return end
    ? [`${problem.slice(0, end.index)}.`, problem.slice(end.index + 2)]
    : [problem, 'Check its address, and that it runs and answers.'];
}
