import { nearName } from './near-name.ts';
import type { Problem } from './problem.ts';
import { SETTINGS_TABLE } from './settings-table.ts';

/** `SESSION_` names that others put into the environment: X11 session managers set SESSION_MANAGER on every desktop. */
const OTHERS: ReadonlySet<string> = new Set(['SESSION_MANAGER']);

const KNOWN = SETTINGS_TABLE.map(({ name }) => name);

/** A mistyped `SESSION_…` would quietly leave a default in force, so each one that is not known is a problem. */
export function unknownNames(env: Readonly<Record<string, string | undefined>>): Problem[] {
  return Object.keys(env)
    .filter((name) => env[name] !== undefined && name.startsWith('SESSION_') && !KNOWN.includes(name) && !OTHERS.has(name))
    .sort()
    .map((name) => {
      const near = nearName(name, KNOWN);
      return { name, problem: 'is not a setting.', mend: near ? `Did you mean ${near}?` : 'Remove it; .env.example lists every setting.' };
    });
}
