import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The nearest folder above with `pnpm-workspace.yaml`, so that server and command line agree wherever they are run. */
export function findProjectRoot(from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'pnpm-workspace.yaml'))) return folder;
    if (folder === dirname(folder)) throw new Error(`No pnpm-workspace.yaml in ${from} or above.`);
  }
}
