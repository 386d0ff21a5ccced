import { DatabaseOpenError } from '../database-open-error.ts';

/** An alternative name for a parameter, as other drivers and providers use it. */
export interface Alias {
  readonly name: string;
  /** Maps its values to values of `name`. The first is the default; `name` may also be set explicitly to any of the others. */
  readonly values: Readonly<Record<string, readonly [string, ...string[]]>>;
  /** The advice for any other value. */
  readonly otherwise: string;
}

/** The allowed parameters of an address. Others are refused, because they may be meant to make the connection more secure. */
export interface ParameterRules {
  /** Supported parameters. */
  readonly known: readonly string[];
  readonly aliases: Readonly<Record<string, Alias>>;
  /** Parameters that are ignored if they have one of these values. */
  readonly harmless: Readonly<Record<string, RegExp>>;
  /** Parameters that are refused, with advice. */
  readonly refused: Readonly<Record<string, string>>;
}

/** Returns the parameters under their known names. @throws DatabaseOpenError, whose message contains no value. */
export function readParameters(url: string, given: URLSearchParams, { known, aliases, harmless, refused }: ParameterRules) {
  const read = new Map<string, string>();
  const asAliases: [string, string][] = [];
  const unknown: string[] = [];
  for (const [name, value] of given) {
    const advice = own(refused, name);
    if (advice !== undefined) throw new DatabaseOpenError(url, `${name} is not supported. ${advice}`);
    const harmlessValue = own(harmless, name);
    if (own(aliases, name)) asAliases.push([name, value]);
    else if (known.includes(name)) read.set(name, value);
    else if (harmlessValue?.test(value) === false)
      throw new DatabaseOpenError(url, `${name} has a value that is not supported. Remove it.`);
    else if (harmlessValue === undefined) unknown.push(name);
  }
  if (unknown.length > 0)
    throw new DatabaseOpenError(url, `it has unknown parameters (${unknown.join(', ')}). The known ones are ${known.join(', ')}.`);
  for (const [alias, value] of asAliases) setAlias(url, read, alias, { value, ...(aliases[alias] as Alias) });
  return read;
}

/** The address determines the names, so `__proto__` must be an ordinary name. */
const own = <Value>(rules: Readonly<Record<string, Value>>, name: string): Value | undefined =>
  Object.hasOwn(rules, name) ? rules[name] : undefined;

function setAlias(
  url: string,
  read: Map<string, string>,
  alias: string,
  { name, value, values, otherwise }: Alias & { value: string },
): void {
  const allowed = own(values, value) ?? values['*']?.map((mapped) => (mapped === '*' ? value : mapped));
  const [first] = allowed ?? [];
  if (allowed === undefined || first === undefined)
    throw new DatabaseOpenError(url, `${alias} has a value that is not supported. ${otherwise}`);
  const explicit = read.get(name);
  if (explicit === undefined) read.set(name, first);
  else if (!allowed.includes(explicit)) throw new DatabaseOpenError(url, `${alias} and ${name} contradict each other. Use only ${name}.`);
}

const ANY_NUMBER = /^\d{1,6}$/;

/** Parameters of Prisma and libpq, for both kinds of database. */
export const COMMON_HARMLESS: ParameterRules['harmless'] = {
  // Ignored, because time-limits.ts already includes the wait for a connection.
  pool_timeout: ANY_NUMBER,
  socket_timeout: ANY_NUMBER,
  statement_cache_size: ANY_NUMBER,
};
