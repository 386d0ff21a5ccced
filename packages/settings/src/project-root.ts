import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The closest parent folder with `pnpm-workspace.yaml`. The server and the command line use the same folder, whatever the working directory. */
export function findProjectRoot(from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'pnpm-workspace.yaml'))) return folder;
    if (folder === dirname(folder)) throw new Error(`No pnpm-workspace.yaml in ${from} or its parent folders.`);
  }
}
