import { accessSync, constants, mkdirSync } from 'node:fs';
import { SettingsError } from './settings-error.ts';
import type { Settings } from './settings.ts';

/**
 * Makes the data folder, for its owner only, and makes sure that it can be written to.
 * @throws {SettingsError} naming GATEHOUSE_DATA_DIR.
 */
export function prepareDataFolder({ dataFolder }: Pick<Settings, 'dataFolder'>): string {
  try {
    mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
    accessSync(dataFolder, constants.R_OK | constants.W_OK | constants.X_OK);
    return dataFolder;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const problem = `names a folder that cannot be written to: ${dataFolder} (${code}).`;
    throw new SettingsError([
      { name: 'GATEHOUSE_DATA_DIR', problem, mend: 'Give this account the right to write there, or name another folder.' },
    ]);
  }
}
