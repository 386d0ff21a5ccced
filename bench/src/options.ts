import { parseArgs } from 'node:util';

export const MEASUREMENTS = ['me', 'sign-in', 'contention', 'list', 'count', 'revoke-all', 'purge', 'start', 'memory'] as const;
export type Measurement = (typeof MEASUREMENTS)[number];

export interface Options {
  readonly only: readonly Measurement[];
  readonly sizes: readonly number[];
  /** After each start. */
  readonly rounds: number;
  /** The length of a burst: one contender in one round. */
  readonly durationMs: number;
  readonly connections: number;
  /** Starts per contender. */
  readonly starts: number;
  /** Sessions that are used, for `memory`. */
  readonly inUse: number;
  readonly seed: number;
  /** Only contenders whose names match are measured. */
  readonly contenders: RegExp;
  /** Another checkout, whose server is measured as "before", to compare a change. */
  readonly before: string | undefined;
  /** The folder for a CPU profile of every server. */
  readonly profileInto: string | undefined;
  /** The file for the results; undefined: none. */
  readonly output: string | undefined;
}

export const USAGE = `pnpm bench [--only ${MEASUREMENTS.join(',')}]
           [--sizes 100000] [--rounds 2] [--seconds 1] [--connections 8] [--starts 3] [--in-use 10000]
           [--contenders 'redis|classic'] [--seed 1] [--profile folder] [--output file] [--before checkout] [--quick]

  --sizes   stored sessions for list, count, revoke-all and purge, such as 10000,100000,1000000.
  --quick   one very short round and 1000 sessions: only tests that everything works, and writes no file.`;

/** @throws Error with a message for the user */
export function readOptions(args: readonly string[], defaultOutput: string): Options {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args].filter((arg) => arg !== '--'),
    options: {
      only: text,
      sizes: text,
      rounds: text,
      seconds: text,
      connections: text,
      starts: text,
      'in-use': text,
      contenders: text,
      seed: text,
      profile: text,
      before: text,
      output: text,
      quick: { type: 'boolean', default: false },
    },
  });
  const { quick } = values;
  const only = values.only?.split(',') ?? [...MEASUREMENTS];
  const unknown = only.filter((name) => !(MEASUREMENTS as readonly string[]).includes(name));
  if (unknown.length > 0) throw new Error(`--only does not accept ${unknown.join(', ')}.`);
  return {
    only: only as Measurement[],
    sizes: (values.sizes ?? (quick ? '1000' : '100000')).split(',').map((size) => positive('--sizes', size)),
    rounds: positive('--rounds', values.rounds ?? (quick ? '1' : '2')),
    durationMs: 1000 * positive('--seconds', values.seconds ?? (quick ? '0.05' : '1')),
    connections: positive('--connections', values.connections ?? (quick ? '2' : '8')),
    starts: positive('--starts', values.starts ?? (quick || values.profile !== undefined ? '1' : '3')),
    inUse: positive('--in-use', values['in-use'] ?? (quick ? '100' : '10000')),
    seed: positive('--seed', values.seed ?? '1'),
    contenders: new RegExp(values.contenders ?? '.'),
    before: values.before,
    profileInto: values.profile,
    output: values.output ?? (quick || values.only !== undefined || values.contenders !== undefined ? undefined : defaultOutput),
  };
}

function positive(name: string, text: string): number {
  const number = Number(text);
  if (!(number > 0)) throw new Error(`${name} must be above 0, not ${text}.`);
  return number;
}
