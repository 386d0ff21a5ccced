import { homedir } from 'node:os';
import { join } from 'node:path';
import {
  readClientSettings,
  readImportUrl,
  readSuperuserSettings,
  type ClientSettings,
  type SuperuserSettings,
} from './client-settings.ts';
import { effectiveSettings, type EffectiveSettings } from './effective-settings.ts';
import { readEnvFile, withEnvFile } from './env-file.ts';
import { findProjectRoot } from './project-root.ts';
import { inspectEnv, type SettingsReading } from './inspect-settings.ts';
import { readSettings, type Env } from './read-settings.ts';
import { SettingsError } from './settings-error.ts';
import type { Settings } from './settings.ts';

/*
 * The only file that reads `process.env`. All other code gets its settings as arguments.
 */

/** The settings of this process, from its environment and the project's `.env`. @throws {SettingsError} */
export function loadSettings(): Settings {
  const projectRoot = findProjectRoot(import.meta.dirname);
  return readSettings(environment(projectRoot), { projectRoot });
}

/** Like `loadSettings`, but returns problems instead of throwing. `overrides` have precedence over the environment. */
export function inspectSettings(overrides: Env = {}): SettingsReading {
  const projectRoot = findProjectRoot(import.meta.dirname);
  try {
    return inspectEnv({ ...environment(projectRoot), ...overrides }, { projectRoot });
  } catch (error) {
    if (error instanceof SettingsError) return { settings: undefined, problems: error.problems };
    throw error;
  }
}

/** Every setting with its value and the source of the value, for people. `.env` that cannot be read is among the problems. */
export function loadEffectiveSettings(): EffectiveSettings {
  const projectRoot = findProjectRoot(import.meta.dirname);
  const options = { envFile: join(projectRoot, '.env'), projectRoot, home: homedir() };
  try {
    return effectiveSettings({ environment: process.env, file: readEnvFile(options.envFile) }, options);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    const { problems, ...others } = effectiveSettings({ environment: process.env, file: {} }, options);
    return { ...others, problems: [...error.problems, ...problems] };
  }
}

/** The environment of this process with changes, for a process that it starts. */
export const childEnvironment = (changes: Env): Env => ({ ...process.env, ...changes });

/** Variables of this process that do not apply to processes that it starts, and are removed. */
export function takeVariables(names: readonly string[]): Env {
  const taken = Object.fromEntries(names.map((name) => [name, process.env[name]]));
  for (const name of names) delete process.env[name];
  return taken;
}

/** The settings of the command-line client. Does not require those of a server. @throws {SettingsError} */
export function loadClientSettings(): ClientSettings {
  return readClientSettings(environment(findProjectRoot(import.meta.dirname)), { home: homedir() });
}

/** `GATEHOUSE_IMPORT_URL`. @throws {SettingsError} */
export const loadImportUrl = (): string | undefined => readImportUrl(environment(findProjectRoot(import.meta.dirname)));

/** `GATEHOUSE_SUPERUSER_…`. @throws {SettingsError} */
export const loadSuperuserSettings = (): SuperuserSettings => readSuperuserSettings(environment(findProjectRoot(import.meta.dirname)));

const environment = (projectRoot: string): Env => withEnvFile(process.env, join(projectRoot, '.env'));
