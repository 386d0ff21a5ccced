import { describeServer } from '@gatehouse/prisma';
import { readRedisUrl } from '@gatehouse/session/redis-url';
import { engineEntry } from '@gatehouse/session/registry';
import type { Settings } from '@gatehouse/settings';

/** A database or Redis server that the settings name. */
export interface Server {
  /** The setting with its address. */
  readonly setting: 'DATABASE_URL' | 'REDIS_URL';
  readonly title: string;
  /** Connected through a socket file or the loopback interface. */
  readonly isLocal: boolean;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly isEncrypted: boolean;
  /** Whether the server's certificate is verified. */
  readonly isChecked: boolean;
  /** What to add to the address to use TLS. */
  readonly encryption: string;
}

/** The servers in the settings, except those with an invalid address, which is reported when it is opened. */
export const serversOf = (settings: Settings): Server[] =>
  [databaseServer(settings), redisServer(settings)].filter((server) => server !== undefined);

function databaseServer({ database: { provider, url } }: Settings): Server | undefined {
  if (provider === 'sqlite') return undefined;
  try {
    const { host, socket, user, ...server } = describeServer(provider, url);
    const isMysql = provider === 'mysql';
    return {
      ...server,
      setting: 'DATABASE_URL',
      title: isMysql ? 'MariaDB or MySQL' : 'PostgreSQL',
      isLocal: socket !== undefined || isLoopbackHost(host),
      user: user ?? (isMysql ? 'root' : 'postgres'),
      encryption: isMysql
        ? '?ssl=true (and sslca=FILE for your own certificate authority)'
        : '?sslmode=verify-full (and sslrootcert=FILE for your own certificate authority)',
    };
  } catch {
    return undefined;
  }
}

function redisServer({ redis, session }: Settings): Server | undefined {
  if (redis.url === undefined || !engineEntry(session.engine).needs.redis) return undefined;
  try {
    const target = readRedisUrl(redis.url);
    const { username, password, tls } = target;
    return {
      setting: 'REDIS_URL',
      title: 'Redis',
      isLocal: target.kind === 'socket' || target.nodes.every(({ host }) => isLoopbackHost(host)),
      user: username,
      password,
      isEncrypted: tls,
      isChecked: true,
      encryption: 'rediss:// instead of redis://',
    };
  } catch {
    return undefined;
  }
}

export const isLoopbackHost = (host: string): boolean => /^(localhost|.+\.localhost|127(\.\d+){3}|\[?::1\]?)$/i.test(host);
