import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { existingSecrets, inspectSettings, loadEffectiveSettings } from '@gatehouse/settings';
import { Argument, Option } from 'commander';
import { command, reporting } from '../../command.ts';
import { readEnvText, replaceEnvFile, withValue } from '../../env-file-edit.ts';
import { EXIT } from '../../exit-codes.ts';
import { Failure } from '../../failure.ts';
import type { Report } from '../../report.ts';
import { confirm, yesOption } from '../../terminal/confirm.ts';
import { counted } from '../../terminal/counted.ts';
import { secretFromStdin } from '../../terminal/password-stdin.ts';
import { newSecret } from './generate.ts';
import { nextSteps, type Step } from './next-steps.ts';

const SETTINGS = { session: 'SESSION_SECRET', pepper: 'PASSWORD_PEPPER' } as const;

type SettingName = (typeof SETTINGS)[keyof typeof SETTINGS];

interface RotateOptions {
  readonly file?: string;
  readonly stage?: boolean;
  readonly activate?: boolean;
  readonly retire?: boolean;
  readonly secretStdin?: boolean;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

export const secretRotate = () =>
  command('rotate', {
    description:
      'Put a new random secret in front of the old one in .env, so that the new one signs and the old one still verifies. Nobody is signed out. For several servers, use --stage, --activate and --retire, each on all of them.',
    examples: [
      ['gatehouse secret rotate', 'one server: a new SESSION_SECRET in .env; then restart'],
      ['gatehouse secret rotate pepper --dry-run', 'shows what would change for PASSWORD_PEPPER'],
      ['gatehouse secret rotate --stage --secret-stdin < new-secret', 'several servers, step 1: all of them verify with the new secret'],
      ['gatehouse secret rotate --activate', 'step 2: all of them sign with it'],
      ['gatehouse secret rotate --retire --yes', 'step 3: removes the old ones, which ends the sessions that they signed'],
    ],
  })
    .addArgument(
      new Argument('[secret]', 'session: SESSION_SECRET; pepper: PASSWORD_PEPPER').choices(Object.keys(SETTINGS)).default('session'),
    )
    .option('--file <path>', 'the file with the setting (default: .env)')
    .addOption(new Option('--stage', 'add the new secret behind the old ones').conflicts(['activate', 'retire']))
    .addOption(new Option('--activate', 'move the staged secret to the front').conflicts(['retire', 'secretStdin']))
    .addOption(new Option('--retire', 'remove all secrets but the first').conflicts('secretStdin'))
    .option('--secret-stdin', 'read the new secret from stdin instead of generating it')
    .option('--dry-run', 'show what would change, and change nothing')
    .addOption(yesOption('with --retire: do not ask for confirmation'))
    .action(reporting((which: keyof typeof SETTINGS, options: RotateOptions) => rotate(SETTINGS[which], options)));

async function rotate(name: SettingName, { file, dryRun = false, yes, ...options }: RotateOptions): Promise<Report> {
  const { envFile, settings } = loadEffectiveSettings();
  const path = file === undefined ? envFile : resolve(file);
  if (path === envFile && settings.some((one) => one.name === name && one.source === 'environment'))
    throw new Failure(
      'OVERRIDDEN',
      `The environment sets ${name}, and overrides ${envFile}. If a file sets the environment (EnvironmentFile of systemd), pass it with --file.`,
    );
  const before = readEnvText(path);
  if (before === undefined && path !== envFile) throw new Failure('NO_FILE', `There is no file ${path}.`, EXIT.USAGE);
  const current = currentSecrets(name, { text: before ?? '', isOwnFile: path === envFile });
  const step: Step = options.stage ? 'stage' : options.activate ? 'activate' : options.retire ? 'retire' : 'rotate';
  const secrets = await changed(current, { name, step, options });
  const after = withValue(before ?? '', name, secrets.join(','));
  if (step === 'retire' && !dryRun)
    await confirm(`Remove ${counted(current.length - 1, 'earlier secret')} of ${name}? ${RETIRED[name]}`, {
      yes,
      advice: 'Pass --yes to remove the earlier secrets.',
    });
  if (!dryRun) replaceEnvFile(path, { before, after });
  const steps = nextSteps(step, { name, earlier: secrets.length - 1 });
  const summary = `${name} in ${path}: ${current.length} → ${counted(secrets.length, 'secret')}.`;
  return {
    json: { file: path, setting: name, step, before: current.length, after: secrets.length, dryRun, nextSteps: steps },
    lines: [dryRun ? `Dry run, nothing is written. ${summary}` : summary, ...steps.map((next) => `- ${next}`)],
  };
}

const RETIRED: Readonly<Record<SettingName, string>> = {
  SESSION_SECRET: 'The sessions that they signed end.',
  PASSWORD_PEPPER: 'Accounts that have not signed in since the rotation need a new password.',
};

/** A secret that the server generated for itself is the old one, too. Otherwise everyone would be signed out. */
function currentSecrets(name: SettingName, { text, isOwnFile }: { text: string; isOwnFile: boolean }): readonly string[] {
  const value = parseEnv(text.replace(/^\uFEFF/, ''))[name]?.trim();
  if (value) return value.split(',').map((secret) => secret.trim());
  const { settings } = inspectSettings();
  if (name === 'PASSWORD_PEPPER' || !isOwnFile || settings === undefined) return [];
  return existingSecrets({ dataFolder: settings.dataFolder, session: { secrets: [] } }) ?? [];
}

interface Change {
  readonly name: SettingName;
  readonly step: Step;
  readonly options: RotateOptions;
}

async function changed(current: readonly string[], { name, step, options }: Change): Promise<readonly string[]> {
  if (step === 'activate' || step === 'retire') {
    if (current.length < 2)
      throw new Failure('NOTHING_TO_DO', `There is only one secret in ${name}, or none. Begin with: gatehouse secret rotate`);
    return step === 'activate' ? [...current.slice(-1), ...current.slice(0, -1)] : current.slice(0, 1);
  }
  const secret = options.secretStdin
    ? await secretFromStdin({ option: '--secret-stdin', thing: 'secret', maxBytes: MAX_SECRET_BYTES })
    : newSecret();
  if (secret.includes(',')) throw new Failure('INVALID_INPUT', 'There is a comma in the secret on stdin. Pass one secret.');
  const problem = inspectSettings({ [name]: secret }).problems.find((one) => one.name === name);
  if (problem) throw new Failure('INVALID_INPUT', `The secret on stdin ${problem.problem} To generate one: gatehouse secret generate`);
  if (current.includes(secret)) throw new Failure('NOTHING_TO_DO', `${name} has this secret already.`);
  return step === 'stage' ? [...current, secret] : [secret, ...current];
}

const MAX_SECRET_BYTES = 1024;
