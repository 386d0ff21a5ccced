import type { z } from 'zod';
import { crossRules } from './cross-rules.ts';
import { envValuesSchema } from './env-values.ts';
import type { Problem } from './problem.ts';
import { SettingsError } from './settings-error.ts';
import { toSettings, type Settings } from './settings.ts';
import { unknownNames } from './unknown-names.ts';

export type Env = Readonly<Record<string, string | undefined>>;

/** Runs the cross-setting rules even if a setting is invalid, so that all problems are reported at once. */
const envSchema = envValuesSchema.superRefine(crossRules, { when: () => true });

/**
 * Reads all settings from an environment. An empty value counts as not set. Reads no files.
 * @throws {SettingsError} with all problems and how to fix them, without secrets.
 */
export function readSettings(env: Env, { projectRoot }: { projectRoot: string }): Settings {
  const result = envSchema.safeParse(readNames(env, Object.keys(envSchema.shape)));
  const problems = [...(result.success ? [] : result.error.issues.map(toProblem)), ...unknownNames(env)];
  if (!result.success || problems.length > 0) throw new SettingsError(problems);
  return toSettings(result.data, projectRoot);
}

/** Includes every name, even if it is not set: cross-setting rules treat a missing name as invalid. */
export const readNames = (env: Env, names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, env[name]?.trim() || undefined]));

export function toProblem(issue: z.core.$ZodIssue): Problem {
  const fix: unknown = issue.code === 'custom' ? issue.params?.['fix'] : undefined;
  return { name: String(issue.path[0]), problem: issue.message, fix: typeof fix === 'string' ? fix : 'See .env.example.' };
}
