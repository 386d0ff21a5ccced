import { editDistance } from './closest-name.ts';
import type { Problem } from './problem.ts';
import { SETTINGS_TABLE } from './settings-table.ts';

/** Short names are not checked: `PORTS` may belong to another program. */
const MIN_NAME_LENGTH = 8;
const MAX_EDITS = 2;

const KNOWN = SETTINGS_TABLE.map(({ name }) => name);

/**
 * Misspelled settings in `.env`: with `PASSWORD_PEPER`, passwords would silently be hashed without a pepper. Only the file is checked,
 * because the environment is shared with other programs, which may use a name such as `DATABASE_URL2`.
 */
export const mistypedNames = (file: Readonly<Record<string, string | undefined>>): Problem[] =>
  Object.keys(file).flatMap((name) => {
    // `unknownNames` checks all names that begin with SESSION_.
    if (KNOWN.includes(name) || name.startsWith('SESSION_')) return [];
    const meant = KNOWN.find((known) => known.length >= MIN_NAME_LENGTH && editDistance(name.toUpperCase(), known) <= MAX_EDITS);
    return meant === undefined ? [] : [{ name, problem: 'is not a setting.', fix: `Did you mean ${meant}?` }];
  });
