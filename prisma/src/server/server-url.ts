import { DatabaseOpenError } from '../database-open-error.ts';

/** The parts of `mysql://user:password@host:port/database?…`, each decoded. */
export interface ServerUrl {
  readonly host: string;
  readonly port: number;
  /** undefined: the driver's default. */
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly database: string;
  readonly parameters: ReadonlyMap<string, string>;
  /** Connections of this process at most. */
  readonly connectionLimit: number;
}

const CONNECTION_LIMIT = 10;

/** Throws DatabaseOpenError, whose message shows neither user nor password nor parameters. */
export function serverUrl(url: string, { defaultPort, parameters }: { defaultPort: number; parameters: readonly string[] }): ServerUrl {
  const parsed = URL.parse(url);
  if (!parsed) {
    throw new DatabaseOpenError(
      url,
      'it is not an address. Write scheme://user:password@host:port/database, with signs such as @ / # in the password percent-encoded (@ is %40).',
    );
  }
  const database = decode(url, parsed.pathname.slice(1));
  if (database === '' || database.includes('/')) {
    throw new DatabaseOpenError(url, 'it names no database. Add its name after the host, as in …@host/gatehouse.');
  }
  const known = [...parameters, 'connection_limit'];
  const given = new Map(parsed.searchParams);
  const unknown = [...given.keys()].filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new DatabaseOpenError(url, `it has parameters that mean nothing here (${unknown.join(', ')}). Known are ${known.join(', ')}.`);
  }
  const connectionLimit = Number(given.get('connection_limit') ?? CONNECTION_LIMIT);
  if (!Number.isInteger(connectionLimit) || connectionLimit < 1 || connectionLimit > 1000) {
    throw new DatabaseOpenError(url, 'connection_limit must be a whole number from 1 to 1000. Leave it out for 10.');
  }
  return {
    host: parsed.hostname.replaceAll(/^\[|\]$/g, ''),
    port: parsed.port === '' ? defaultPort : Number(parsed.port),
    user: decode(url, parsed.username) || undefined,
    password: decode(url, parsed.password) || undefined,
    database,
    parameters: given,
    connectionLimit,
  };
}

function decode(url: string, part: string): string {
  try {
    return decodeURIComponent(part);
  } catch (cause) {
    throw new DatabaseOpenError(url, 'it has a % that is not followed by two digits. Write %25 for a percent sign.', { cause });
  }
}
