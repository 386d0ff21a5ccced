import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Installation {
  readonly folder: string;
  /** Settings that keep all files of server and command line in the folder. */
  readonly env: Record<string, string>;
  readonly remove: () => void;
}

/** A data folder, a database and a home folder for one test. Overrides a developer's `.env`. */
export function temporaryInstallation(): Installation {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-cli-'));
  const env = {
    HOME: folder,
    XDG_CONFIG_HOME: join(folder, 'config'),
    GATEHOUSE_DATA_DIR: join(folder, 'data'),
    DATABASE_URL: `file:${join(folder, 'data', 'gatehouse.db')}`,
    NODE_ENV: 'test',
    PORT: '0',
    PUBLIC_URL: '',
    GATEHOUSE_URL: '',
    GATEHOUSE_IMPORT_URL: '',
    TZ: 'UTC',
  };
  return { folder, env, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
