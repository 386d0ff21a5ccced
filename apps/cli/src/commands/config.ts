import { loadEffectiveSettings, SETTINGS_TABLE, type EffectiveSetting, type EffectiveSettings } from '@gatehouse/settings';
import { Argument, InvalidArgumentError } from 'commander';
import { command, reporting } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import type { Report } from '../report.ts';
import { shortened } from '../terminal/printable.ts';
import { table } from '../terminal/table.ts';

interface ConfigOptions {
  readonly changed?: boolean;
}

const NAMES = SETTINGS_TABLE.map(({ name }) => name);

export const config = () =>
  command('config', {
    description:
      'Show every setting with its value and where the value comes from. Secrets and passwords in URLs are hidden. The exit code is 1 if a setting is invalid.',
    examples: [
      ['gatehouse config', 'all settings'],
      ['gatehouse config --changed', 'only those that the environment or .env sets'],
      ['gatehouse config DATABASE_URL --json', 'one setting, for a script'],
    ],
  })
    .addArgument(new Argument('[name]', 'only this setting').choices(NAMES).argParser(settingName))
    .option('--changed', 'only settings that the environment or .env sets')
    .action(
      reporting((name: string | undefined, options: ConfigOptions) => Promise.resolve(report(loadEffectiveSettings(), name, options))),
    );

function settingName(text: string): string {
  if (NAMES.includes(text)) return text;
  throw new InvalidArgumentError('There is no such setting. To list them: gatehouse config');
}

function report(
  { envFile, settings, problems, similarNames }: EffectiveSettings,
  only: string | undefined,
  options: ConfigOptions,
): Report {
  const shown = settings.filter(({ name, source }) =>
    only === undefined ? !options.changed || source === 'environment' || source === '.env' : name === only,
  );
  const relevant = only === undefined ? problems : problems.filter(({ name }) => name === only);
  const notes = [
    ...relevant.map(({ name, problem, fix }) => `error: ${name} ${problem} ${fix}`),
    ...(only === undefined ? similarNames : []).map(({ name, problem, fix }) => `note: ${name}, in the environment, ${problem} ${fix}`),
  ];
  return {
    json: { envFile, settings: shown, problems: relevant, similarNames },
    lines: [
      ...(shown.length === 0 ? ['No setting is set: the defaults apply.'] : rows(shown, envFile)),
      ...(notes.length === 0 ? [] : ['', ...notes]),
    ],
    ...(relevant.length > 0 && { exitCode: EXIT.FAILURE }),
  };
}

/** One table with the headings of the groups between its rows. */
function rows(settings: readonly EffectiveSetting[], envFile: string): string[] {
  const [titles = '', ...lines] = table(
    ['  Setting', 'Value', 'Source'],
    settings.map(({ name, value, source, overridesFile }) => [
      `  ${name}`,
      value === null ? 'not set' : shortened(value, 80),
      (source === '.env' ? envFile : source) + (overridesFile ? `, overrides ${envFile}` : ''),
    ]),
  );
  return [
    titles,
    ...lines.flatMap((line, index) => {
      const { group } = settings[index] ?? {};
      return group === undefined || group === settings[index - 1]?.group ? [line] : ['', group, line];
    }),
  ];
}
