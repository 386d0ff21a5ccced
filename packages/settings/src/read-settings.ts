import type { z } from 'zod';
import { crossRules } from './cross-rules.ts';
import { envValuesSchema } from './env-values.ts';
import type { Problem } from './problem.ts';
import { SettingsError } from './settings-error.ts';
import { settingsFrom, type Settings } from './settings.ts';
import { unknownNames } from './unknown-names.ts';

export type Env = Readonly<Record<string, string | undefined>>;

/** The rules between settings run even where one of them could not be read, so that one start shows every problem. */
const envSchema = envValuesSchema.superRefine(crossRules, { when: () => true });

/**
 * Reads every setting of an environment. A name that is empty counts as not set. Pure: no file, no clock.
 * @throws {SettingsError} with every problem and its mend; secrets are not in it.
 */
export function readSettings(env: Env, { projectRoot }: { projectRoot: string }): Settings {
  const result = envSchema.safeParse(asWritten(env, Object.keys(envSchema.shape)));
  const problems = [...(result.success ? [] : result.error.issues.map(asProblem)), ...unknownNames(env)];
  if (!result.success || problems.length > 0) throw new SettingsError(problems);
  return settingsFrom(result.data, projectRoot);
}

/** Each name is there, set or not: the rules tell a setting that is not set from one that could not be read. */
export const asWritten = (env: Env, names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, env[name]?.trim() || undefined]));

export function asProblem(issue: z.core.$ZodIssue): Problem {
  const mend: unknown = issue.code === 'custom' ? issue.params?.['mend'] : undefined;
  return { name: String(issue.path[0]), problem: issue.message, mend: typeof mend === 'string' ? mend : 'See .env.example.' };
}
