import { editDistance } from './near-name.ts';
import type { Problem } from './problem.ts';
import { SETTINGS_TABLE } from './settings-table.ts';

/** Two letters off a long name are hardly a name of its own: `PORTS` may be one. */
const MOST_OFF = 2;
const LONG = 8;

const KNOWN = SETTINGS_TABLE.map(({ name }) => name);

/**
 * Names of `.env` that are nearly a setting: `PASSWORD_PEPER` would leave every password without one, and say nothing. Of
 * the file alone: the environment is shared with programs whose `DATABASE_URL2` is none of our business.
 */
export const mistypedNames = (file: Readonly<Record<string, string | undefined>>): Problem[] =>
  Object.keys(file).flatMap((name) => {
    // All names of ours are looked at with the environment: see unknownNames.
    if (KNOWN.includes(name) || name.startsWith('SESSION_')) return [];
    const meant = KNOWN.find((known) => known.length >= LONG && editDistance(name.toUpperCase(), known) <= MOST_OFF);
    return meant === undefined ? [] : [{ name, problem: 'is not a setting.', mend: `Did you mean ${meant}?` }];
  });
