import { describeServer } from '@gatehouse/prisma';
import { readRedisUrl } from '@gatehouse/session/redis-url';
import { engineEntry } from '@gatehouse/session/registry';
import type { Settings } from '@gatehouse/settings';

/** A server that we sign in to. */
export interface Server {
  /** The setting that says where it is. */
  readonly setting: 'DATABASE_URL' | 'REDIS_URL';
  readonly title: string;
  /** On this machine only: by a socket, or through the loopback interface. */
  readonly isLocal: boolean;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly isEncrypted: boolean;
  /** False where the address says so: the server's certificate may be anyone's. */
  readonly isChecked: boolean;
  /** What to add to the address for TLS. */
  readonly encryption: string;
}

/** Those that the settings lead to. An address that cannot be read is not among them: opening it says why. */
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
        ? '?ssl=true (and sslca=FILE for an authority of your own)'
        : '?sslmode=verify-full (and sslrootcert=FILE for an authority of your own)',
    };
  } catch {
    return undefined;
  }
}

function redisServer({ redis, session }: Settings): Server | undefined {
  if (redis.url === undefined || !engineEntry(session.engine).needs.redis) return undefined;
  try {
    const place = readRedisUrl(redis.url);
    const { username, password, tls } = place;
    return {
      setting: 'REDIS_URL',
      title: 'Redis',
      isLocal: place.kind === 'socket' || place.nodes.every(({ host }) => isLoopbackHost(host)),
      user: username,
      password,
      isEncrypted: tls,
      isChecked: true,
      encryption: 'rediss:// in place of redis://',
    };
  } catch {
    return undefined;
  }
}

const isLoopbackHost = (host: string): boolean => /^(localhost|.+\.localhost|127(\.\d+){3}|\[?::1\]?)$/i.test(host);
