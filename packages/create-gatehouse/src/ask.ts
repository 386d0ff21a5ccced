import { select, text } from '@clack/prompts';
import { DATABASES, DEFAULTS, ENGINES, FRONT_ENDS, type Choices } from './choices.ts';
import type { Arguments } from './read-arguments.ts';
import { problemOfFolder } from './target-folder.ts';

/** Asks for what was not given. undefined: the user has cancelled. */
export async function ask(given: Arguments['choices']): Promise<Choices | undefined> {
  const folder = given.folder ?? (await askFolder());
  if (typeof folder === 'symbol') return undefined;
  const database = given.database ?? (await choose('Which database?', DATABASES, DEFAULTS.database));
  if (typeof database === 'symbol') return undefined;
  const engine = given.engine ?? (await choose('Where are sessions stored?', ENGINES, DEFAULTS.engine));
  if (typeof engine === 'symbol') return undefined;
  const frontEnd = given.frontEnd ?? (await choose('Which front end?', FRONT_ENDS, DEFAULTS.frontEnd));
  return typeof frontEnd === 'symbol' ? undefined : { folder, database, engine, frontEnd };
}

const askFolder = () =>
  text({
    message: 'In which folder?',
    placeholder: DEFAULTS.folder,
    defaultValue: DEFAULTS.folder,
    validate: (value) => problemOfFolder(value === undefined || value === '' ? DEFAULTS.folder : value),
  });

function choose<Name extends string>(
  message: string,
  options: Readonly<Record<Name, { readonly label: string; readonly hint: string }>>,
  initialValue: Name,
): Promise<Name | symbol> {
  const entries = Object.entries(options) as [Name, { label: string; hint: string }][];
  return select<string>({ message, initialValue, options: entries.map(([value, { label, hint }]) => ({ value, label, hint })) }) as Promise<
    Name | symbol
  >;
}
