import { envValuesSchema } from './env-values.ts';
import type { Problem } from './problem.ts';
import { asWritten, readSettings, type Env } from './read-settings.ts';
import { SettingsError } from './settings-error.ts';
import { settingsFrom, type Settings } from './settings.ts';

/** The settings for someone who looks for everything that is wrong, and does not stop at the first. */
export interface SettingsReading {
  /** Those with a problem stand at their defaults: judge nothing by them. undefined: there is no telling what was set. */
  readonly settings: Settings | undefined;
  readonly problems: readonly Problem[];
}

/** As `readSettings`, with the problems as a value and the settings as far as they can be read. */
export function inspectEnv(env: Env, place: { projectRoot: string }): SettingsReading {
  try {
    return { settings: readSettings(env, place), problems: [] };
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    const broken = new Set(error.problems.map(({ name }) => name));
    const names = Object.keys(envValuesSchema.shape).filter((name) => !broken.has(name));
    return { settings: settingsFrom(envValuesSchema.parse(asWritten(env, names)), place.projectRoot), problems: error.problems };
  }
}
