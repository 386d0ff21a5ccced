import { DatabaseOpenError } from '../database-open-error.ts';

/** Another name for a parameter, as other drivers and providers write it. */
export interface Alias {
  readonly name: string;
  /** What its values are under that name: the first where nothing else is said, and what may be said beside it. */
  readonly values: Readonly<Record<string, readonly [string, ...string[]]>>;
  /** What to write where its value is another. */
  readonly otherwise: string;
}

/** What the parameters of an address may be. Whatever is not among them is refused: it may be meant to make the connection safer. */
export interface ParameterRules {
  /** What is honoured. */
  readonly known: readonly string[];
  readonly aliases: Readonly<Record<string, Alias>>;
  /** What changes nothing here while it has such a value. */
  readonly harmless: Readonly<Record<string, RegExp>>;
  /** What is refused, and what to do about it. */
  readonly refused: Readonly<Record<string, string>>;
}

/** The parameters under the names that are known. Throws DatabaseOpenError, whose message shows no value. */
export function readParameters(url: string, given: URLSearchParams, { known, aliases, harmless, refused }: ParameterRules) {
  const read = new Map<string, string>();
  const asAliases: [string, string][] = [];
  const unknown: string[] = [];
  for (const [name, value] of given) {
    const advice = own(refused, name);
    if (advice !== undefined) throw new DatabaseOpenError(url, `${name} is not taken. ${advice}`);
    const harmlessValue = own(harmless, name);
    if (own(aliases, name)) asAliases.push([name, value]);
    else if (known.includes(name)) read.set(name, value);
    else if (harmlessValue?.test(value) === false)
      throw new DatabaseOpenError(url, `${name} has a value that means nothing here. Leave it out.`);
    else if (harmlessValue === undefined) unknown.push(name);
  }
  if (unknown.length > 0)
    throw new DatabaseOpenError(url, `it has parameters that mean nothing here (${unknown.join(', ')}). Known are ${known.join(', ')}.`);
  for (const [alias, value] of asAliases) setAlias(url, read, alias, { value, ...(aliases[alias] as Alias) });
  return read;
}

/** Names come from the address: `__proto__` is a name like any other. */
const own = <Value>(rules: Readonly<Record<string, Value>>, name: string): Value | undefined =>
  Object.hasOwn(rules, name) ? rules[name] : undefined;

function setAlias(
  url: string,
  read: Map<string, string>,
  alias: string,
  { name, value, values, otherwise }: Alias & { value: string },
): void {
  const meant = own(values, value) ?? values['*']?.map((word) => (word === '*' ? value : word));
  const [first] = meant ?? [];
  if (meant === undefined || first === undefined) throw new DatabaseOpenError(url, `${alias} has a value that is not taken. ${otherwise}`);
  const said = read.get(name);
  if (said === undefined) read.set(name, first);
  else if (!meant.includes(said)) throw new DatabaseOpenError(url, `${alias} and ${name} contradict each other. Write ${name} alone.`);
}

const ANY_NUMBER = /^\d{1,6}$/;

/** Prisma's and libpq's, for both kinds of database. */
export const COMMON_HARMLESS: ParameterRules['harmless'] = {
  // How long a request waits for a connection is part of what it may take at all: see time-limits.ts.
  pool_timeout: ANY_NUMBER,
  socket_timeout: ANY_NUMBER,
  statement_cache_size: ANY_NUMBER,
};
