import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Place {
  readonly folder: string;
  /** Settings under which server and command line keep everything in the folder. */
  readonly env: Record<string, string>;
  readonly remove: () => void;
}

/** A data folder, database and home of one test. What a developer has in `.env` is overridden. */
export function temporaryPlace(): Place {
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
