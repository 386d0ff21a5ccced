import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import type { Contender } from './contender.ts';
import { BENCH_USER, type Services } from './services.ts';

const { username, email, password } = BENCH_USER;
const secret = randomBytes(32).toString('hex');

/** The requests that tRPC's `httpBatchLink` sends. */
const TRPC = {
  me: { method: 'GET', path: '/trpc/auth.me?batch=1&input=%7B%7D' },
  signIn: { method: 'POST', path: '/trpc/auth.login?batch=1', body: { '0': { identifier: username, password } } },
  measuresSignIn: true,
} as const;

/** The baseline that all others are compared with. */
export const CLASSIC = 'classic: express-session + connect-redis';

/** All contenders that this machine can run. `before`: another checkout, whose server is measured as well. */
export function contendersOf(services: Services, before: string | undefined): Contender[] {
  const { sqlite, mariadb, postgresql } = services;
  const redis = services.redis;
  return [
    gatehouse({ dataFolder: services.folder, name: 'db, SQLite', databaseUrl: sqlite, engine: 'db' }),
    ...(mariadb ? [gatehouse({ dataFolder: services.folder, name: 'db, MariaDB', databaseUrl: mariadb, engine: 'db' })] : []),
    ...(postgresql ? [gatehouse({ dataFolder: services.folder, name: 'db, PostgreSQL', databaseUrl: postgresql, engine: 'db' })] : []),
    ...(redis
      ? [
          gatehouse({ dataFolder: services.folder, name: 'redis', databaseUrl: sqlite, engine: 'redis', redisUrl: redis() }),
          gatehouse({
            dataFolder: services.folder,
            name: 'redis, near cache',
            databaseUrl: sqlite,
            engine: 'redis',
            redisUrl: redis(),
            nearCacheSessions: 1000,
          }),
          gatehouse({
            dataFolder: services.folder,
            name: 'cached_db, SQLite',
            databaseUrl: sqlite,
            engine: 'cached_db',
            redisUrl: redis(),
          }),
          ...(postgresql
            ? [
                gatehouse({
                  dataFolder: services.folder,
                  name: 'cached_db, PostgreSQL',
                  databaseUrl: postgresql,
                  engine: 'cached_db',
                  redisUrl: redis(),
                }),
              ]
            : []),
          ...(before === undefined
            ? []
            : [
                {
                  ...gatehouse({
                    dataFolder: services.folder,
                    name: 'redis, before',
                    databaseUrl: sqlite,
                    engine: 'redis',
                    redisUrl: redis(),
                  }),
                  entry: join(resolve(before), 'apps/server/src/main.ts'),
                },
              ]),
          classic({ name: CLASSIC, looksUpUser: false, databaseUrl: sqlite, redisUrl: redis() }),
          classic({ name: 'classic + user', looksUpUser: true, databaseUrl: sqlite, redisUrl: redis() }),
          raw(redis()),
        ]
      : []),
    betterAuth(join(services.folder, 'better-auth.db')),
  ];
}

export interface GatehouseOptions {
  readonly name: string;
  readonly engine: 'db' | 'redis' | 'cached_db';
  readonly databaseUrl: string;
  readonly redisUrl?: string | undefined;
  readonly dataFolder: string;
  /** Default: no near cache. */
  readonly nearCacheSessions?: number;
}

export const gatehouse = ({ name, engine, databaseUrl, redisUrl, dataFolder, nearCacheSessions = 0 }: GatehouseOptions): Contender => ({
  name: `Gatehouse ${name}`,
  description: nearCacheSessions > 0 ? NEAR_CACHE : DESCRIPTIONS[engine],
  entry: 'apps/server/src/main.ts',
  env: (port) => ({
    SESSION_ENGINE: engine,
    DATABASE_URL: databaseUrl,
    ...(redisUrl !== undefined && { REDIS_URL: redisUrl }),
    ...(nearCacheSessions > 0 && { SESSION_NEAR_CACHE: String(nearCacheSessions) }),
    PORT: String(port),
    HOST: '127.0.0.1',
    PUBLIC_URL: `http://localhost:${port}`,
    SESSION_SECRET: secret,
    LOG_LEVEL: 'silent',
    GATEHOUSE_DATA_DIR: dataFolder,
    // Stops at once, so that a profile is written before the process is killed.
    SHUTDOWN_DRAIN: '0',
    // Attempts are counted as usual, but the load must not count as an attack.
    SIGN_IN_LIMIT_ACCOUNT: '1000000',
    SIGN_IN_LIMIT_ADDRESS: '1000000',
  }),
  ...TRPC,
  readyPath: '/readyz',
  usesRedis: redisUrl !== undefined,
});

const DESCRIPTIONS: Record<GatehouseOptions['engine'], string> = {
  db: 'The whole server as `pnpm start` runs it, without a log. One query reads the session and the current user, role and status. Activity and expiry are written once a minute.',
  redis:
    'The whole server. One script in Redis reads the session and its current user, and checks the expiry. Activity and expiry are written once a minute.',
  cached_db: 'The whole server. One script in Redis; the database is read every 30 seconds and for each write.',
};

const NEAR_CACHE =
  'The same with SESSION_NEAR_CACHE=1000: sessions in the memory of the server. Redis is asked twice a second, and whenever something is written. A sign-out is acknowledged when every server has dropped the session.';

const classic = ({
  name,
  looksUpUser,
  databaseUrl,
  redisUrl,
}: {
  name: string;
  looksUpUser: boolean;
  databaseUrl: string;
  redisUrl: string;
}): Contender => ({
  name,
  description: looksUpUser
    ? 'The same, and reads the user by id from the same SQLite database through Prisma, so that role and status are current, as with Gatehouse.'
    : 'The same Express and tRPC without log and security headers. GET and EXPIRE in Redis, and a cookie in each response (`rolling: true`). The user is a copy from the sign-in, so a revoked role stays valid.',
  entry: 'bench/src/servers/classic.ts',
  env: (port) => ({
    DATABASE_URL: databaseUrl,
    REDIS_URL: redisUrl,
    PORT: String(port),
    SESSION_SECRET: secret,
    BENCH_LOOK_UP_USER: looksUpUser ? '1' : '0',
  }),
  ...TRPC,
  usesRedis: true,
});

const raw = (redisUrl: string): Contender => ({
  name: 'raw: node:http + one Redis GET',
  description: 'The lower bound: no framework, no signature, no sliding expiration, no revocation. The stored text is the response.',
  entry: 'bench/src/servers/raw.ts',
  env: (port) => ({ REDIS_URL: redisUrl, PORT: String(port) }),
  me: { method: 'GET', path: '/me' },
  signIn: { method: 'POST', path: '/sign-in', body: {} },
  measuresSignIn: false,
  usesRedis: true,
});

const betterAuth = (file: string): Contender => ({
  name: 'better-auth get-session, SQLite',
  description:
    'Its handler on Express, without tRPC and rate limit. Reads session and user from SQLite through its own adapter. Hashes passwords with its scrypt.',
  entry: 'bench/src/servers/better-auth.ts',
  env: (port) => ({
    BETTER_AUTH_FILE: file,
    PORT: String(port),
    SESSION_SECRET: secret,
    BENCH_EMAIL: email,
    BENCH_PASSWORD: password,
  }),
  me: { method: 'GET', path: '/api/auth/get-session' },
  signIn: { method: 'POST', path: '/api/auth/sign-in/email', body: { email, password } },
  measuresSignIn: true,
  usesRedis: false,
});
