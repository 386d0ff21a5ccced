import { relative, resolve } from 'node:path';
import { ENGINES, type Choices } from './choices.ts';
import { runScript, type PackageManager } from './package-manager.ts';
import { nameOf } from './target-folder.ts';

/** What to do before the first start, beyond the commands; shown at the end and in the README. */
export function preparations({ folder, database, engine }: Choices): string[] {
  return [
    ...(database === 'sqlite' ? [] : [`Create the database "${nameOf(folder)}", or set DATABASE_URL in .env to yours.`]),
    ...(ENGINES[engine].needsRedis ? ['Start Redis, or set REDIS_URL in .env to yours.'] : []),
  ];
}

/** The commands to sign in for the first time. */
export const firstCommands = (packageManager: PackageManager): string[] => [
  `${runScript(packageManager, 'add-user', 'ada ada@example.com')}   # prints the password`,
  runScript(packageManager, 'dev'),
];

export function nextSteps(
  choices: Choices,
  { packageManager, isInstalled }: { packageManager: PackageManager; isInstalled: boolean },
): string {
  const from = relative('.', resolve(choices.folder));
  return [
    ...preparations(choices),
    ...(from === '' ? [] : [`cd ${from}`]),
    ...(isInstalled ? [] : [`${packageManager} install`]),
    ...firstCommands(packageManager),
  ].join('\n');
}
