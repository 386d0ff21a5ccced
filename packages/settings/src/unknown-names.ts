import { closestName } from './closest-name.ts';
import type { Problem } from './problem.ts';
import { SETTINGS_TABLE } from './settings-table.ts';

/** `SESSION_` names of other programs: X11 session managers set SESSION_MANAGER. */
const OTHER_PROGRAMS: ReadonlySet<string> = new Set(['SESSION_MANAGER']);

const KNOWN = SETTINGS_TABLE.map(({ name }) => name);

/** With a misspelled `SESSION_…`, the default would be used silently, so every unknown name is a problem. */
export function unknownNames(env: Readonly<Record<string, string | undefined>>): Problem[] {
  return Object.keys(env)
    .filter((name) => env[name] !== undefined && name.startsWith('SESSION_') && !KNOWN.includes(name) && !OTHER_PROGRAMS.has(name))
    .sort()
    .map((name) => {
      const suggestion = closestName(name, KNOWN);
      return {
        name,
        problem: 'is not a setting.',
        fix: suggestion ? `Did you mean ${suggestion}?` : 'Remove it. All settings are in .env.example.',
      };
    });
}
