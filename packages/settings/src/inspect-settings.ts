import { envValuesSchema } from './env-values.ts';
import type { Problem } from './problem.ts';
import { readNames, readSettings, type Env } from './read-settings.ts';
import { SettingsError } from './settings-error.ts';
import { toSettings, type Settings } from './settings.ts';

/** Settings together with their problems, for diagnosis. */
export interface SettingsReading {
  /** Settings with a problem have their defaults, so do not rely on them. Undefined if the `.env` file cannot be read. */
  readonly settings: Settings | undefined;
  readonly problems: readonly Problem[];
}

/** Like `readSettings`, but returns problems instead of throwing. */
export function inspectEnv(env: Env, options: { projectRoot: string }): SettingsReading {
  try {
    return { settings: readSettings(env, options), problems: [] };
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    const invalid = new Set(error.problems.map(({ name }) => name));
    const names = Object.keys(envValuesSchema.shape).filter((name) => !invalid.has(name));
    return { settings: toSettings(envValuesSchema.parse(readNames(env, names)), options.projectRoot), problems: error.problems };
  }
}
