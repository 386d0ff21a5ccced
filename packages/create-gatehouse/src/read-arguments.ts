import { parseArgs } from 'node:util';
import { databaseAlias, DATABASES, ENGINES, type Choices, type DatabaseName, type EngineName } from './choices.ts';
import { UsageError } from './usage-error.ts';

export const USAGE = `npm create gatehouse [folder] -- [options]

  --database NAME   ${Object.keys(DATABASES).join(', ')}; default: sqlite
  --engine NAME     where sessions are stored: ${Object.keys(ENGINES).join(', ')}; default: db
  --react, --api    a React front end (default), or none
  --yes, -y         ask nothing: take the defaults for all that is not given
  --no-install      do not install the packages
  --help, -h`;

export interface Arguments {
  /** Undefined parts were not given. */
  readonly choices: { readonly [Name in keyof Choices]: Choices[Name] | undefined };
  readonly yes: boolean;
  readonly install: boolean;
  readonly help: boolean;
}

/** @throws {UsageError} naming the argument and what may stand there */
export function readArguments(args: readonly string[]): Arguments {
  const { values, positionals } = parse(args);
  if (positionals.length > 1)
    throw new UsageError(`Give one folder, not ${positionals.length}: ${positionals.join(', ')}. Its name has no spaces.`);
  if (values.react && values.api) throw new UsageError('Give --react or --api, not both.');
  return {
    choices: {
      folder: positionals[0],
      database: oneOf('--database', DATABASES, values.database && databaseAlias(values.database)) as DatabaseName | undefined,
      engine: oneOf('--engine', ENGINES, values.engine) as EngineName | undefined,
      frontEnd: values.react ? 'react' : values.api ? 'api' : undefined,
    },
    yes: values.yes,
    install: !values['no-install'],
    help: values.help,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        database: { type: 'string' },
        engine: { type: 'string' },
        react: { type: 'boolean', default: false },
        api: { type: 'boolean', default: false },
        yes: { type: 'boolean', short: 'y', default: false },
        'no-install': { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    throw new UsageError(`${(error as Error).message.split('. To specify')[0]}.\n\n${USAGE}`.replace('..', '.'));
  }
}

function oneOf(flag: string, allowed: object, value: string | undefined): string | undefined {
  if (value === undefined || Object.hasOwn(allowed, value)) return value;
  throw new UsageError(`${flag} ${value} does not exist. Choose one of ${Object.keys(allowed).join(', ')}.`);
}
