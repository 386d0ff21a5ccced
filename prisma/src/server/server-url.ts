import { DatabaseOpenError } from '../database-open-error.ts';
import { readParameters, type ParameterRules } from './url-parameters.ts';

/** The parts of `mysql://user:password@host:port/database?…`, each decoded. */
export interface ServerUrl {
  readonly host: string;
  readonly port: number;
  /** The path of the socket file or its folder; undefined for TCP. */
  readonly socket: string | undefined;
  /** undefined for the driver's default. */
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly database: string;
  readonly parameters: ReadonlyMap<string, string>;
  /** Maximum number of connections of this process. */
  readonly connectionLimit: number;
  /** A longer timeout for opening the database; undefined for the default. */
  readonly connectTimeoutMs: number | undefined;
}

export interface ServerUrlOptions {
  readonly defaultPort: number;
  readonly parameters: ParameterRules;
  /** The name of the parameter with the socket file. */
  readonly socketParameter: string;
}

const CONNECTION_LIMIT = 10;

/** Parses an address. @throws DatabaseOpenError, whose message contains no user, password or parameter. */
export function serverUrl(url: string, { defaultPort, parameters, socketParameter }: ServerUrlOptions): ServerUrl {
  const parsed = URL.parse(withHost(url));
  if (!parsed) {
    throw new DatabaseOpenError(
      url,
      'it is not an address. Write scheme://user:password@host:port/database, and percent-encode characters such as @ / # in the password (@ is %40).',
    );
  }
  const database = decode(url, parsed.pathname.slice(1));
  if (database === '' || database.includes('/')) {
    throw new DatabaseOpenError(url, 'it names no database. Add its name after the host, as in …@host/gatehouse.');
  }
  const given = readParameters(url, parsed.searchParams, parameters);
  const connectionLimit = Number(given.get('connection_limit') ?? CONNECTION_LIMIT);
  if (!Number.isInteger(connectionLimit) || connectionLimit < 1 || connectionLimit > 1000) {
    throw new DatabaseOpenError(url, 'connection_limit must be a whole number from 1 to 1000. The default is 10.');
  }
  const connectTimeout = Number(given.get('connect_timeout') ?? 0);
  if (!Number.isInteger(connectTimeout) || connectTimeout < 0 || connectTimeout > 300)
    throw new DatabaseOpenError(url, 'connect_timeout must be a whole number of seconds from 0 to 300. The default is 2.');
  // In libpq, a path in either position is the folder of a socket file.
  const hosts = [given.get(socketParameter), decode(url, parsed.hostname.replaceAll(/^\[|\]$/g, ''))].filter((host) => host);
  return {
    host: hosts.find((host) => !host?.startsWith('/')) ?? 'localhost',
    socket: hosts.find((host) => host?.startsWith('/')),
    port: parsed.port === '' ? defaultPort : Number(parsed.port),
    user: decode(url, parsed.username) || undefined,
    password: decode(url, parsed.password) || undefined,
    database,
    parameters: given,
    connectionLimit,
    connectTimeoutMs: connectTimeout === 0 ? undefined : connectTimeout * 1000,
  };
}

/** Addresses with a socket file may have a user but no host (`postgresql://user@/database?host=/run/postgresql`), which `URL` rejects. */
const withHost = (url: string): string => url.replace(/^([a-z]+:\/\/[^/?#]*@)\//i, '$1localhost/');

function decode(url: string, part: string): string {
  try {
    return decodeURIComponent(part);
  } catch (cause) {
    throw new DatabaseOpenError(url, 'it has a % that is not followed by two digits. Write %25 for a percent sign.', { cause });
  }
}
