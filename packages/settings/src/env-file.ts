import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { mistypedNames } from './mistyped-names.ts';
import type { Problem } from './problem.ts';
import type { Env } from './read-settings.ts';
import { SettingsError } from './settings-error.ts';

/**
 * The names and values of a `.env` file; empty if there is no file.
 * @throws {SettingsError} if the file cannot be read, or has lines other than `NAME=value` or a misspelled setting.
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
        fix: 'Make it a file that the account running Gatehouse can read, or remove it.',
      },
    ]);
  }
  const env = parseEnv(text);
  const problems = [...brokenLines(text), ...mistypedNames(env)];
  if (problems.length > 0) throw new SettingsError(problems);
  return env;
}

/** Adds the settings of a `.env` file to the environment, which has precedence. @throws {SettingsError} */
export const withEnvFile = (env: Env, path: string): Env => ({ ...readEnvFile(path), ...env });

const ASSIGNMENT = /^(?:export\s+)?([A-Za-z_][\w.-]*)\s*=\s*(.*)$/;

/** Node's parser ignores invalid lines, and the default would be used silently. */
function brokenLines(text: string): Problem[] {
  const problems: Problem[] = [];
  const lineOf = new Map<string, number>();
  const lines = text.split(/\r\n|\n|\r/);
  for (let index = 0; index < lines.length; index++) {
    const name = `.env line ${index + 1}`;
    const line = (lines[index] ?? '').trim();
    if (line === '' || line.startsWith('#')) continue;
    const [, key, value = ''] = ASSIGNMENT.exec(line) ?? [];
    // The line is not shown, because it may be part of a secret.
    if (key === undefined) {
      problems.push({ name, problem: 'is not NAME=value.', fix: 'Correct it, or start the line with # to ignore it.' });
      continue;
    }
    const first = lineOf.get(key);
    if (first !== undefined) problems.push({ name, problem: `sets ${key} again, after line ${first}.`, fix: 'Keep only one of them.' });
    lineOf.set(key, index + 1);
    const quote = /^["'`]/.exec(value)?.[0];
    if (quote === undefined || value.includes(quote, 1)) continue;
    const end = lines.findIndex((later, at) => at > index && later.includes(quote));
    if (end === -1) problems.push({ name, problem: `opens a quote (${quote}) that is never closed.`, fix: `End the value with ${quote}.` });
    else index = end;
  }
  return problems;
}
