import { DatabaseOpenError } from '../database-open-error.ts';
import { readParameters, type ParameterRules } from './url-parameters.ts';

/** The parts of `mysql://user:password@host:port/database?…`, each decoded. */
export interface ServerUrl {
  readonly host: string;
  readonly port: number;
  /** Of the socket file or its folder, where it is one. */
  readonly socket: string | undefined;
  /** undefined: the driver's default. */
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly database: string;
  readonly parameters: ReadonlyMap<string, string>;
  /** Connections of this process at most. */
  readonly connectionLimit: number;
  /** How long opening waits, if longer than usual; undefined: as usual. */
  readonly connectTimeoutMs: number | undefined;
}

export interface ServerUrlOptions {
  readonly defaultPort: number;
  readonly parameters: ParameterRules;
  /** The one that names a socket file. */
  readonly socketParameter: string;
}

const CONNECTION_LIMIT = 10;

/** Throws DatabaseOpenError, whose message shows neither user nor password nor parameters. */
export function serverUrl(url: string, { defaultPort, parameters, socketParameter }: ServerUrlOptions): ServerUrl {
  const parsed = URL.parse(withHost(url));
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
  const given = readParameters(url, parsed.searchParams, parameters);
  const connectionLimit = Number(given.get('connection_limit') ?? CONNECTION_LIMIT);
  if (!Number.isInteger(connectionLimit) || connectionLimit < 1 || connectionLimit > 1000) {
    throw new DatabaseOpenError(url, 'connection_limit must be a whole number from 1 to 1000. Leave it out for 10.');
  }
  const connectTimeout = Number(given.get('connect_timeout') ?? 0);
  if (!Number.isInteger(connectTimeout) || connectTimeout < 0 || connectTimeout > 300)
    throw new DatabaseOpenError(url, 'connect_timeout must be whole seconds from 0 to 300. Leave it out for 2.');
  // libpq takes a folder for a host, in either place.
  const places = [given.get(socketParameter), decode(url, parsed.hostname.replaceAll(/^\[|\]$/g, ''))].filter((place) => place);
  return {
    host: places.find((place) => !place?.startsWith('/')) ?? 'localhost',
    socket: places.find((place) => place?.startsWith('/')),
    port: parsed.port === '' ? defaultPort : Number(parsed.port),
    user: decode(url, parsed.username) || undefined,
    password: decode(url, parsed.password) || undefined,
    database,
    parameters: given,
    connectionLimit,
    connectTimeoutMs: connectTimeout === 0 ? undefined : connectTimeout * 1000,
  };
}

/** Over a socket file there may be a user without a host, as in `postgresql://user@/database?host=/run/postgresql`; URL takes no such thing. */
const withHost = (url: string): string => url.replace(/^([a-z]+:\/\/[^/?#]*@)\//i, '$1localhost/');

function decode(url: string, part: string): string {
  try {
    return decodeURIComponent(part);
  } catch (cause) {
    throw new DatabaseOpenError(url, 'it has a % that is not followed by two digits. Write %25 for a percent sign.', { cause });
  }
}
