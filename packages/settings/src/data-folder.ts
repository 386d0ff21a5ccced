import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { SettingsError } from './settings-error.ts';
import type { Settings } from './settings.ts';

/**
 * Makes the data folder, for its owner only, and makes sure that it can be written to.
 * @throws {SettingsError} naming GATEHOUSE_DATA_DIR.
 */
export function prepareDataFolder({ dataFolder }: Pick<Settings, 'dataFolder'>): string {
  try {
    makeFolder(dataFolder);
    accessSync(dataFolder, constants.R_OK | constants.W_OK | constants.X_OK);
    return dataFolder;
  } catch (error) {
    throw new SettingsError([{ name: 'GATEHOUSE_DATA_DIR', ...explain(dataFolder, (error as NodeJS.ErrnoException).code) }]);
  }
}

/** Like `recursive` of `mkdirSync`, which never returns where a folder that exists answers ENOENT, as /proc does. */
function makeFolder(path: string): void {
  const parent = dirname(path);
  if (!existsSync(parent)) makeFolder(parent);
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // It exists, perhaps because another process that is starting was faster. The root and read-only file systems answer otherwise.
    if (!existsSync(path) || !statSync(path).isDirectory()) throw error;
  }
}

function explain(folder: string, code: string | undefined) {
  if (code === 'EEXIST' || code === 'ENOTDIR')
    return { problem: `names a file or lies below one: ${folder}. A folder is needed.`, mend: 'Name a folder, or remove that file.' };
  return {
    problem: `names a folder that cannot be written to: ${folder} (${code}).`,
    mend: 'Give this account the right to write there, or name another folder.',
  };
}
