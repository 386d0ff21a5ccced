import { homedir } from 'node:os';
import { join } from 'node:path';
import { readClientSettings, readImportUrl, type ClientSettings } from './client-settings.ts';
import { overEnvFile } from './env-file.ts';
import { findProjectRoot } from './project-root.ts';
import { inspectEnv, type SettingsReading } from './inspect-settings.ts';
import { readSettings, type Env } from './read-settings.ts';
import { SettingsError } from './settings-error.ts';
import type { Settings } from './settings.ts';

/*
 * The one file that reads `process.env`. Everything else gets its settings passed.
 */

/** The settings of this process: its environment over the project's `.env`. @throws {SettingsError} */
export function loadSettings(): Settings {
  const projectRoot = findProjectRoot(import.meta.dirname);
  return readSettings(environment(projectRoot), { projectRoot });
}

/** The same for a look at everything that is wrong: problems are a value, and what could be read is there beside them. */
export function inspectSettings(): SettingsReading {
  const projectRoot = findProjectRoot(import.meta.dirname);
  try {
    return inspectEnv(environment(projectRoot), { projectRoot });
  } catch (error) {
    if (error instanceof SettingsError) return { settings: undefined, problems: error.problems };
    throw error;
  }
}

/** What the command line needs to talk to a server: asks for nothing that only a server must have. @throws {SettingsError} */
export function loadClientSettings(): ClientSettings {
  return readClientSettings(environment(findProjectRoot(import.meta.dirname)), { home: homedir() });
}

/** `GATEHOUSE_IMPORT_URL`. @throws {SettingsError} */
export const loadImportUrl = (): string | undefined => readImportUrl(environment(findProjectRoot(import.meta.dirname)));

const environment = (projectRoot: string): Env => overEnvFile(process.env, join(projectRoot, '.env'));
