import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAccounts, type Accounts } from '@gatehouse/accounts';
import type { AttributesSchema } from '@gatehouse/contract';
import type { SignInLimits } from '@gatehouse/limits';
import { openDatabase, type Database } from '@gatehouse/prisma';
import { createGatehouse } from '@gatehouse/server';
import { openEngine, type Engine } from '@gatehouse/session';
import { lifetimesOf, readSettings, withPort } from '@gatehouse/settings';
import { createApp, type AppParts } from '../src/app.ts';
import { createHttpServer, type HttpLimits } from '../src/http-server.ts';
import { createLogger } from '../src/logger.ts';
import { GENEROUS_LIMITS } from './generous-limits.ts';
import { visitor, type Visitor } from './visitor.ts';

export const PASSWORD = 'correct horse battery';

/** Cheap on purpose: these tests are not about the cost of hashing. */
const HASHING = { memoryKib: 1024, passes: 1 };

/** Ten times the default storage timeout, so that most tests also pass on a busy machine. */
const LONG_TIMEOUT_MS = 20_000;

/** For tests of a storage that does not answer: the default timeout of a server. */
export const DEFAULT_TIMEOUTS = { SESSION_STORAGE_TIMEOUT: '2' };

/** @returns the new user's id. */
export async function addUser(
  accounts: Accounts,
  { username, name = username, role = 'user' }: { username: string; name?: string; role?: 'user' | 'admin' },
): Promise<string> {
  const outcome = await accounts.createUser({ username, email: `${username}@example.org`, name, role, password: PASSWORD });
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.problems));
  return outcome.user.id;
}

const accountsOf = (database: Database, engine: Engine, attributes?: AttributesSchema): Accounts =>
  createAccounts({ database, hashing: HASHING, sessions: engine.inDatabase ? undefined : engine, attributes });

export interface RunningApp {
  readonly url: string;
  readonly accounts: Accounts;
  readonly database: Database;
  readonly databaseUrl: string;
  readonly engine: Engine;
  readonly limits: SignInLimits;
  /** SQL statements since the last call. */
  readonly takeQueries: () => string[];
  /** Handles of stored sessions that were reported as unreadable, one for each report. */
  readonly corruptions: (string | undefined)[];
  /** Called before each SQL statement, which fails if it throws. */
  readonly statements: { before: (sql: string) => void };
  readonly visitor: () => Visitor;
  /** Simulates another process on the same storage, with its own connections, engine and accounts. The caller closes it. */
  readonly elsewhere: () => Promise<Elsewhere>;
  /** Announces that the server stops. */
  readonly drain: () => void;
  /** The number of open client connections. */
  readonly connections: () => Promise<number>;
  readonly close: () => Promise<void>;
}

export interface Elsewhere {
  readonly accounts: Accounts;
  readonly engine: Engine;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface RunAppOptions {
  readonly limits?: HttpLimits;
  readonly connections?: AppParts['connections'];
  /** Receives the log. */
  readonly logTo?: { write(line: string): void };
  /** Default: two pages without content, and no files. */
  readonly web?: AppParts['web'];
  /** Default: the schema of the contract. */
  readonly attributes?: AttributesSchema;
  /** The clock of sessions, epoch milliseconds. Stopped, it hides how long the machine takes. Default: `Date.now`. */
  readonly now?: () => number;
  /** The clock of the sign-in limits, epoch milliseconds. Default: `Date.now`. */
  readonly limitsNow?: () => number;
}

const NO_FILES: AppParts['web'] = {
  assets: (_req, _res, next) => next(),
  page: (req, res, next) =>
    req.path === '/' || req.path === '/login' ? void res.type('html').send('<!doctype html><title>Gatehouse</title>') : next(),
  inlineScripts: [],
};

/**
 * The real app on a free port, with its own database and two users: `ada`, and the administrator `root`.
 * The storage timeout is long, unless `env` has DEFAULT_TIMEOUTS.
 */
export async function runApp(
  env: Record<string, string> = {},
  { limits: httpLimits, connections, logTo, web = NO_FILES, attributes, now, limitsNow = Date.now }: RunAppOptions = {},
): Promise<RunningApp> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-server-'));
  const asked = readSettings(
    {
      NODE_ENV: 'test',
      LOG_LEVEL: 'silent',
      PORT: '0',
      GATEHOUSE_DATA_DIR: folder,
      SESSION_SECRET: randomBytes(32).toString('base64url'),
      SESSION_STORAGE_TIMEOUT: String(LONG_TIMEOUT_MS / 1000),
      ...GENEROUS_LIMITS,
      ...env,
    },
    { projectRoot: folder },
  );
  const queries: string[] = [];
  const statements = { before: (_sql: string): void => undefined };
  const onQuery = (sql: string): void => {
    queries.push(sql);
    statements.before(sql);
  };
  const isLong = asked.session.storageTimeoutMs === LONG_TIMEOUT_MS;
  const long = { statementTimeoutMs: LONG_TIMEOUT_MS, acquireTimeoutMs: LONG_TIMEOUT_MS, busyTimeoutMs: LONG_TIMEOUT_MS };
  const database = await openDatabase(asked.database.url, { onQuery, ...(isLong && long) });
  const corruptions: (string | undefined)[] = [];
  const logger = createLogger(asked, logTo);
  const gatehouse = await createGatehouse({
    settings: asked,
    database,
    migrate: true,
    attributes,
    hashing: HASHING,
    ...(now && { now }),
    limitsNow,
    logger,
    onCorruptSession: ({ handle }) => void corruptions.push(handle),
  });
  const { accounts, engine, limits } = gatehouse;
  // A second server on the same database finds the users already there.
  if ((await accounts.countUsers()) === 0) {
    await addUser(accounts, { username: 'ada', name: 'Ada Lovelace' });
    await addUser(accounts, { username: 'root', name: 'Grace Hopper', role: 'admin' });
  }

  const server = createHttpServer(httpLimits);
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const settings = withPort(asked, (server.address() as AddressInfo).port);
  server.on('request', createApp({ gatehouse, settings, logger, connections, web }));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    url,
    accounts,
    database,
    databaseUrl: asked.database.url,
    engine,
    corruptions,
    statements,
    limits,
    takeQueries: () => queries.splice(0),
    visitor: () => visitor(url),
    async elsewhere() {
      const other = await openDatabase(asked.database.url);
      const store = await openEngine(asked.session.engine, {
        lifetimes: lifetimesOf(asked.session),
        database: other,
        redisUrl: asked.redis.url,
      });
      return {
        engine: store,
        accounts: accountsOf(other, store),
        async [Symbol.asyncDispose]() {
          await store.close();
          await other.close();
        },
      };
    },
    drain: () => gatehouse.drain(),
    connections: () => new Promise((resolve, reject) => server.getConnections((error, count) => (error ? reject(error) : resolve(count)))),
    async close() {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
      await gatehouse.close();
      await database.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
