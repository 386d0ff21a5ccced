import { cancel, intro, outro } from '@clack/prompts';
import { ask } from './ask.ts';
import { DEFAULTS, type Choices } from './choices.ts';
import { nextSteps } from './next-steps.ts';
import { installPackages, packageManagerOf } from './package-manager.ts';
import { readArguments, USAGE, type Arguments } from './read-arguments.ts';
import { problemOfFolder } from './target-folder.ts';
import { UsageError } from './usage-error.ts';
import { writeApp } from './write-app.ts';

/** `npm create gatehouse`. Returns the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  try {
    return await create(readArguments(args));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(error.message);
    return 1;
  }
}

async function create({ choices: given, yes, install, help }: Arguments): Promise<number> {
  if (help) {
    console.log(USAGE);
    return 0;
  }
  // Before the first question, so that nobody answers in vain.
  if (given.folder !== undefined) assertFolder(given.folder);
  const isComplete = Object.values(given).every((value) => value !== undefined);
  const asks = !yes && !isComplete;
  if (asks && !(process.stdin.isTTY && process.stdout.isTTY))
    throw new UsageError(`There is no terminal to ask on. Add --yes to take the defaults, or give all options.\n\n${USAGE}`);

  if (asks) intro('A new app with Gatehouse');
  const choices: Choices | undefined = asks ? await ask(given) : withDefaults(given);
  if (!choices) {
    cancel('Cancelled. Nothing was written.');
    return 1;
  }
  assertFolder(choices.folder);

  if (asks) outro('Writing the app.');
  const packageManager = packageManagerOf(process.env['npm_config_user_agent']);
  const folder = writeApp(choices, packageManager);
  console.log(`Created ${folder}`);
  const isInstalled = install && (await installPackages(packageManager, folder));
  const steps = nextSteps(choices, { packageManager, isInstalled });
  // Without a frame, so that the commands can be copied.
  console.log(`\nNext:\n\n${steps.replaceAll(/^/gm, '  ')}\n`);
  if (install && !isInstalled) console.error(`${packageManager} install has failed: see above. The app is complete otherwise.`);
  return install && !isInstalled ? 1 : 0;
}

function assertFolder(folder: string): void {
  const problem = problemOfFolder(folder);
  if (problem !== undefined) throw new UsageError(problem);
}

const withDefaults = (given: Arguments['choices']): Choices => ({
  folder: given.folder ?? DEFAULTS.folder,
  database: given.database ?? DEFAULTS.database,
  engine: given.engine ?? DEFAULTS.engine,
  frontEnd: given.frontEnd ?? DEFAULTS.frontEnd,
});
