import { RedisOpenError } from './redis-open-error.ts';

interface Address {
  readonly host: string;
  readonly port: number;
}

/** Where Redis is, and how to sign in there. */
export type RedisPlace = {
  readonly tls: boolean;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly database: number;
  /** Replicas that must have what ends a session before that is acknowledged; undefined: as the kind has it. */
  readonly wait: number | undefined;
} & (
  | { readonly kind: 'server' | 'cluster'; readonly nodes: Nodes }
  | { readonly kind: 'sentinel'; readonly nodes: Nodes; readonly master: string }
  /** A server on this machine, at its socket file. */
  | { readonly kind: 'socket'; readonly path: string }
);

type Nodes = readonly [Address, ...Address[]];

const FORMS =
  'Write redis://host:6379, redis+sentinel://host:26379,host2:26379/mymaster, or redis+cluster://host:7000,host2:7000; rediss:// for TLS; redis+unix:///run/redis/redis.sock for a socket file.';
const URL_FORM =
  /^(?<scheme>rediss?)(?:\+(?<kind>sentinel|cluster))?:\/\/(?:(?<username>[^:@/]*)(?::(?<password>[^@/]*))?@)?(?<hosts>[^/?]+)(?<path>\/[^?]*)?(?:\?(?<query>.*))?$/i;
const SOCKET_FORM = /^(?:redis\+)?unix:\/\/(?:(?<username>[^:@/]*)(?::(?<password>[^@/]*))?@)?(?<path>\/[^?]+)(?:\?(?<query>.*))?$/i;
const HOST_FORM = /^(?:\[(?<ipv6>[0-9a-f:]+)\]|(?<host>[^:[\]]+))(?::(?<port>\d{1,5}))?$/i;

/**
 * - `redis://[user:password@]host[:6379][/database]`
 * - `redis+sentinel://[user:password@]host[:26379],…/master[/database]`
 * - `redis+cluster://[user:password@]host[:6379],…`
 *
 * - `redis+unix://[user:password@]/path/of/redis.sock[?db=0]`, or `unix://` for short
 *
 * `rediss` in place of `redis` for TLS; user and password percent-encoded; `?wait=1` at the end of any: see `replicated.ts`.
 * @throws RedisOpenError
 */
export function readRedisUrl(url: string): RedisPlace {
  // First: else what stands after the slash is taken for something else, and shown as that.
  if (/\/\/.*[/@].*@/.test(url)) throw new RedisOpenError(url, 'in a user name or password, write %40 for @ and %2F for a slash.');
  const socket = SOCKET_FORM.exec(url)?.groups;
  if (socket) return socketPlace(url, socket);
  const { scheme, kind = 'server', username, password, hosts = '', path = '', query = '' } = URL_FORM.exec(url)?.groups ?? {};
  if (scheme === undefined) throw new RedisOpenError(url, `this address is not of a form that is known. ${FORMS}`);
  const [first, ...rest] = hosts.split(',').map((host) => address(url, host, kind === 'sentinel' ? 26379 : 6379));
  if (!first || (kind === 'server' && rest.length > 0))
    throw new RedisOpenError(url, `it names no host, or several where one is meant. ${FORMS}`);
  const parts = path.split('/').slice(1);
  const master = kind === 'sentinel' ? parts.shift() : undefined;
  const nodes: Nodes = [first, ...rest];
  const place = {
    tls: scheme.toLowerCase() === 'rediss',
    username: username ? decoded(url, username) : undefined,
    password: password ? decoded(url, password) : undefined,
    database: databaseNumber(url, parts, kind),
    wait: waitOf(url, query),
  };
  if (kind !== 'sentinel') return { ...place, nodes, kind: kind as 'server' | 'cluster' };
  if (!master) throw new RedisOpenError(url, `it does not say which master Sentinel is to be asked for. ${FORMS}`);
  return { ...place, nodes, kind, master };
}

function socketPlace(url: string, { username, password, path = '', query = '' }: Record<string, string | undefined>): RedisPlace {
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
  if (kind === 'cluster' && Number(text) !== 0) throw new RedisOpenError(url, 'a cluster has database 0 alone. Leave the number out.');
  return Number(text);
}

function waitOf(url: string, query: string): number | undefined {
  if (query === '') return undefined;
  const { wait } = /^wait=(?<wait>\d)$/.exec(query)?.groups ?? {};
  if (wait === undefined)
    throw new RedisOpenError(url, `"?${query}" is not known. After ?wait= stands how many replicas must have a sign-out: 0 to 9.`);
  return Number(wait);
}
