import { RedisOpenError } from './redis-open-error.ts';

interface Address {
  readonly host: string;
  readonly port: number;
}

/** Address of Redis and its credentials. */
export type RedisTarget = {
  readonly tls: boolean;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly database: number;
  /** Replicas that must have the end of a session before it is acknowledged; undefined: the default of the kind. */
  readonly wait: number | undefined;
} & (
  | { readonly kind: 'server' | 'cluster'; readonly nodes: Nodes }
  | { readonly kind: 'sentinel'; readonly nodes: Nodes; readonly master: string }
  /** A server on this machine, on a Unix socket. */
  | { readonly kind: 'socket'; readonly path: string }
);

type Nodes = readonly [Address, ...Address[]];

const FORMS =
  'Use redis://host:6379, redis+sentinel://host:26379,host2:26379/mymaster, or redis+cluster://host:7000,host2:7000; rediss:// for TLS; redis+unix:///run/redis/redis.sock for a socket file.';
const URL_FORM =
  /^(?<scheme>rediss?)(?:\+(?<kind>sentinel|cluster))?:\/\/(?:(?<username>[^:@/]*)(?::(?<password>[^@/]*))?@)?(?<hosts>[^/?]+)(?<path>\/[^?]*)?(?:\?(?<query>.*))?$/i;
const SOCKET_FORM = /^(?:redis\+)?unix:\/\/(?:(?<username>[^:@/]*)(?::(?<password>[^@/]*))?@)?(?<path>\/[^?]+)(?:\?(?<query>.*))?$/i;
const HOST_FORM = /^(?:\[(?<ipv6>[0-9a-f:]+)\]|(?<host>[^:[\]]+))(?::(?<port>\d{1,5}))?$/i;

/**
 * Parses `REDIS_URL`. Its forms:
 * - `redis://[user:password@]host[:6379][/database]`
 * - `redis+sentinel://[user:password@]host[:26379],…/master[/database]`
 * - `redis+cluster://[user:password@]host[:6379],…`
 * - `redis+unix://[user:password@]/path/of/redis.sock[?db=0]`, or `unix://`
 *
 * `rediss` instead of `redis` uses TLS. User and password are percent-encoded. Each form takes `?wait=1` at the end:
 * see `replicated.ts`.
 * @throws RedisOpenError
 */
export function readRedisUrl(url: string): RedisTarget {
  // Check this first: otherwise a part of the password would be taken for the path and shown in an error.
  if (/\/\/.*[/@].*@/.test(url)) throw new RedisOpenError(url, 'in a user name or password, write %40 for @ and %2F for a slash.');
  const socket = SOCKET_FORM.exec(url)?.groups;
  if (socket) return socketTarget(url, socket);
  const { scheme, kind = 'server', username, password, hosts = '', path = '', query = '' } = URL_FORM.exec(url)?.groups ?? {};
  if (scheme === undefined) throw new RedisOpenError(url, `the address has an unknown form. ${FORMS}`);
  const [first, ...rest] = hosts.split(',').map((host) => address(url, host, kind === 'sentinel' ? 26379 : 6379));
  if (!first || (kind === 'server' && rest.length > 0)) throw new RedisOpenError(url, `it must name exactly one host. ${FORMS}`);
  const parts = path.split('/').slice(1);
  const master = kind === 'sentinel' ? parts.shift() : undefined;
  const nodes: Nodes = [first, ...rest];
  const target = {
    tls: scheme.toLowerCase() === 'rediss',
    username: username ? decoded(url, username) : undefined,
    password: password ? decoded(url, password) : undefined,
    database: databaseNumber(url, parts, kind),
    wait: waitOf(url, query),
  };
  if (kind !== 'sentinel') return { ...target, nodes, kind: kind as 'server' | 'cluster' };
  if (!master) throw new RedisOpenError(url, `it does not name the master. ${FORMS}`);
  return { ...target, nodes, kind, master };
}

function socketTarget(url: string, { username, password, path = '', query = '' }: Record<string, string | undefined>): RedisTarget {
  const { db, rest } = /^(?:db=(?<db>\d{1,5})(?:&|$))?(?<rest>.*)$/.exec(query)?.groups ?? {};
  return {
    kind: 'socket',
    path: decoded(url, path),
    tls: false,
    username: username ? decoded(url, username) : undefined,
    password: password ? decoded(url, password) : undefined,
    database: Number(db ?? 0),
    wait: waitOf(url, rest ?? ''),
  };
}

function decoded(url: string, text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new RedisOpenError(url, 'in a user name, password or path, write %25 for a percent sign.');
  }
}

function address(url: string, text: string, defaultPort: number): Address {
  const { ipv6, host = ipv6, port } = HOST_FORM.exec(text)?.groups ?? {};
  const number = port === undefined ? defaultPort : Number(port);
  if (host === undefined || number < 1 || number > 65_535) throw new RedisOpenError(url, `"${text}" is not a host with a port. ${FORMS}`);
  return { host, port: number };
}

function databaseNumber(url: string, [text = '', ...more]: readonly string[], kind: string): number {
  if (text === '' && more.length === 0) return 0;
  if (more.length > 0 || !/^\d{1,5}$/.test(text))
    throw new RedisOpenError(url, `"/${[text, ...more].join('/')}" is not the number of a database.`);
  if (kind === 'cluster' && Number(text) !== 0) throw new RedisOpenError(url, 'a cluster has only database 0. Leave the number out.');
  return Number(text);
}

function waitOf(url: string, query: string): number | undefined {
  if (query === '') return undefined;
  const { wait } = /^wait=(?<wait>\d)$/.exec(query)?.groups ?? {};
  if (wait === undefined)
    throw new RedisOpenError(url, `"?${query}" is unknown. Use ?wait= with the number of replicas that must have a sign-out, 0 to 9.`);
  return Number(wait);
}
