import { spawn } from 'node:child_process';
import { once } from 'node:events';

const MANAGERS = ['npm', 'pnpm', 'yarn', 'bun'] as const;

export type PackageManager = (typeof MANAGERS)[number];

/** The one that started this program. Each says so in `npm_config_user_agent`: `pnpm/12.0.0 npm/? node/v24…`. Default: npm. */
export const packageManagerOf = (userAgent: string | undefined): PackageManager =>
  MANAGERS.find((name) => userAgent?.startsWith(`${name}/`)) ?? 'npm';

/** How a script of the app is started. Only npm needs `--` before the script's own arguments. */
export const runScript = (manager: PackageManager, script: string, args = ''): string =>
  `${manager} run ${script}${args && `${manager === 'npm' ? ' --' : ''} ${args}`}`;

/** Runs its install, with its own output. Returns false if that fails. */
export async function installPackages(manager: PackageManager, folder: string): Promise<boolean> {
  // On Windows, package managers are command scripts, which need a shell.
  const child = spawn(manager, ['install'], { cwd: folder, stdio: 'inherit', shell: process.platform === 'win32' });
  const status = await Promise.race([once(child, 'exit').then(([code]) => code as number | null), once(child, 'error').then(() => 1)]);
  return status === 0;
}
