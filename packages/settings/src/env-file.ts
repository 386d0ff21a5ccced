import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { mistypedNames } from './mistyped-names.ts';
import type { Problem } from './problem.ts';
import type { Env } from './read-settings.ts';
import { SettingsError } from './settings-error.ts';

/**
 * The names and values of a `.env` file; nothing where there is no file.
 * @throws {SettingsError} if it cannot be read, has lines that are not `NAME=value`, or a name that is nearly a setting.
 */
export function readEnvFile(path: string): Env {
  let text: string;
  try {
    text = readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') return {};
    throw new SettingsError([
      {
        name: '.env',
        problem: `cannot be read (${code}).`,
        mend: 'Make it a file that the account running Gatehouse may read, or remove it.',
      },
    ]);
  }
  const env = parseEnv(text);
  const problems = [...brokenLines(text), ...mistypedNames(env)];
  if (problems.length > 0) throw new SettingsError(problems);
  return env;
}

/** The real environment wins over the file. @throws {SettingsError} */
export const overEnvFile = (env: Env, path: string): Env => ({ ...readEnvFile(path), ...env });

const ASSIGNMENT = /^(?:export\s+)?([A-Za-z_][\w.-]*)\s*=\s*(.*)$/;

/** Node's parser skips what it does not understand, which would leave a default in force without a word. */
function brokenLines(text: string): Problem[] {
  const problems: Problem[] = [];
  const lineOf = new Map<string, number>();
  const lines = text.split(/\r\n|\n|\r/);
  for (let index = 0; index < lines.length; index++) {
    const name = `.env line ${index + 1}`;
    const line = (lines[index] ?? '').trim();
    if (line === '' || line.startsWith('#')) continue;
    const [, key, value = ''] = ASSIGNMENT.exec(line) ?? [];
    // The line itself is not shown: it may be half of a secret.
    if (key === undefined) {
      problems.push({ name, problem: 'is not NAME=value.', mend: 'Write it so, or begin the line with # to leave it out.' });
      continue;
    }
    const first = lineOf.get(key);
    if (first !== undefined) problems.push({ name, problem: `sets ${key} again, after line ${first}.`, mend: 'Keep one of the two.' });
    lineOf.set(key, index + 1);
    const quote = /^["'`]/.exec(value)?.[0];
    if (quote === undefined || value.includes(quote, 1)) continue;
    const end = lines.findIndex((later, at) => at > index && later.includes(quote));
    if (end === -1)
      problems.push({ name, problem: `opens a quote (${quote}) that is never closed.`, mend: `End the value with ${quote}.` });
    else index = end;
  }
  return problems;
}
