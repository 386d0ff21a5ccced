import { existsSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';

/**
 * The folder that relative paths and `.env` are relative to. In Gatehouse's own repository: the closest parent folder of `from` with
 * `pnpm-workspace.yaml`, so that server and command line agree, whatever the working directory. For an installed package: the closest
 * parent folder of the working directory with `package.json`, or the working directory itself.
 */
export function findProjectRoot(from: string, workingDirectory: string = process.cwd()): string {
  const isInstalled = from.split(sep).includes('node_modules');
  const workspace = isInstalled ? undefined : closestWith('pnpm-workspace.yaml', from);
  return workspace ?? closestWith('package.json', workingDirectory) ?? workingDirectory;
}

function closestWith(file: string, from: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, file))) return folder;
    if (folder === dirname(folder)) return undefined;
  }
}
