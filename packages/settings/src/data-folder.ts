import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { SettingsError } from './settings-error.ts';
import type { Settings } from './settings.ts';

/**
 * Creates the data folder with access for its owner only, and checks that it is writable.
 * @throws {SettingsError} naming GATEHOUSE_DATA_DIR.
 */
export function prepareDataFolder({ dataFolder }: Pick<Settings, 'dataFolder'>): string {
  try {
    createFolder(dataFolder);
    accessSync(dataFolder, constants.R_OK | constants.W_OK | constants.X_OK);
    return dataFolder;
  } catch (error) {
    throw new SettingsError([{ name: 'GATEHOUSE_DATA_DIR', ...explain(dataFolder, (error as NodeJS.ErrnoException).code) }]);
  }
}

/** Not `mkdirSync` with `recursive`: that never returns if mkdir in an existing folder fails with ENOENT, as in /proc. */
function createFolder(path: string): void {
  const parent = dirname(path);
  if (!existsSync(parent)) createFolder(parent);
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // An existing folder is fine: another process may have created it meanwhile. The error code differs for / and read-only file systems.
    if (!existsSync(path) || !statSync(path).isDirectory()) throw error;
  }
}

function explain(folder: string, code: string | undefined) {
  if (code === 'EEXIST' || code === 'ENOTDIR')
    return { problem: `is a file, or is inside a file: ${folder}. It must be a folder.`, fix: 'Choose a folder, or remove the file.' };
  return {
    problem: `is not writable: ${folder} (${code}).`,
    fix: 'Allow this account to write there, or choose a different folder.',
  };
}
