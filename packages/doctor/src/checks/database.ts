import { error, ok, skipped, warning, type Check, type Verdict } from '../check.ts';
import type { DatabaseFacts } from '../facts/database-facts.ts';
import { DATABASE_SETTINGS } from '../on-database.ts';

/** The oldest supported versions. */
const OLDEST = { MariaDB: [10, 6], MySQL: [8, 0], PostgreSQL: [13, 0], SQLite: [3, 38] } as const;

/**
 * A database that cannot be opened is an error. A version older than MariaDB 10.6, MySQL 8.0 or PostgreSQL 13 is a warning. The server
 * creates a missing SQLite file when it starts; in production a missing file is a warning, because its path may be mistyped. If this user
 * may not create it, that is an error.
 */
export const database: Check = {
  id: 'database',
  needs: DATABASE_SETTINGS,
  judge({ database: state, settings }) {
    switch (state.status) {
      case 'open':
        return judgeVersion(state.facts, settings.database.provider);
      case 'absent':
        if (state.unwritable !== undefined)
          return error(
            `There is no database at ${state.file}, and this user cannot create one: ${state.unwritable} is not a folder, or not writable.`,
            'Allow the user that runs the server to write there, or correct DATABASE_URL or GATEHOUSE_DATA_DIR.',
          );
        return settings.environment === 'production'
          ? warning(
              `There is no database at ${state.file}. The server creates an empty one when it starts.`,
              'If there should be one, correct DATABASE_URL or GATEHOUSE_DATA_DIR. To create it now: gatehouse migrate',
            )
          : skipped(`There is none yet. The server creates it when it starts, at ${state.file}.`);
      case 'unreachable':
        return error(...problemAndFix(state.problem));
    }
  },
};

function judgeVersion({ version }: DatabaseFacts, provider: 'sqlite' | 'mysql' | 'postgresql'): Verdict {
  if (!version.ok)
    return error(
      `The database accepts connections but does not respond: ${version.problem}`,
      'Check whether it is overloaded, locked or stopped, and try again.',
    );
  const name =
    provider === 'sqlite' ? 'SQLite' : provider === 'postgresql' ? 'PostgreSQL' : /mariadb/i.test(version.value) ? 'MariaDB' : 'MySQL';
  const number = /\d+(\.\d+)+/.exec(version.value)?.[0] ?? version.value;
  const [major = 0, minor = 0] = number.split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST[name];
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return ok(`${name} ${number} answers.`);
  return warning(`${name} ${number} is older than Gatehouse supports.`, `Use ${name} ${oldestMajor}.${oldestMinor} or newer.`);
}

/** Splits the message of an open error: the first sentence is the problem, the rest is the fix. */
export function problemAndFix(message: string): [found: string, fix: string] {
  const end = /[.:] (?=[A-Z])/.exec(message);
  return end
    ? [`${message.slice(0, end.index)}.`, message.slice(end.index + 2)]
    : [message, 'Check its address, and that it is running and responds.'];
}
