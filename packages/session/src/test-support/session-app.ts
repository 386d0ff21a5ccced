import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import type { TestAccounts, TestClock, TestUser } from '../conformance/engine-fixture.ts';
import { LIFETIMES } from '../conformance/engine-fixture.ts';
import type { Engine, Lifetimes } from '../engine-port.ts';
import { openDbEngine } from '../engines/db/db-engine.ts';
import { sessionErrorHandler } from '../session-errors-middleware.ts';
import { sessionMiddleware, sessionOf } from '../session-middleware.ts';
import type { CookieSettings } from '../session-cookie.ts';
import type { DataSchema } from '../session-schema.ts';
import type { OnSignIn } from '../sign-in-event.ts';
import { createBrowser, handleIn, type Browser } from './browser.ts';
import { databaseAccounts } from './database-accounts.ts';
import { listen } from './http-server.ts';
import { createTempDatabase, type TempDatabase } from './temp-database.ts';
import { createTestClock } from './test-clock.ts';
import { textOfRows } from './text-of-rows.ts';

export const COOKIE: CookieSettings = { name: 'sid', secure: 'auto', sameSite: 'lax', domain: undefined, path: '/' };

export interface AppOptions {
  readonly lifetimes?: Partial<Lifetimes>;
  readonly cookie?: Partial<CookieSettings>;
  readonly secrets?: readonly [string, ...string[]];
  readonly signInPath?: string;
  readonly maxDataBytes?: number;
  readonly onSignIn?: OnSignIn;
  readonly schema?: DataSchema;
  /** Wraps the engine of the app, to slow it down, fail or count calls. */
  readonly engine?: (engine: Engine) => Engine;
  /** Runs before the session middleware. */
  readonly before?: (app: Express) => void;
}

export interface TestApp {
  readonly url: string;
  readonly engine: Engine;
  browser(): Browser;
  /** Errors that reached the last error handler. */
  readonly errors: unknown[];
}

/** Apps on one database file with one clock, like processes of one deployment. */
export interface TestHost {
  readonly clock: TestClock;
  readonly accounts: TestAccounts;
  readonly storage: TempDatabase;
  /** Whether the storage contains this text. */
  stores(text: string): Promise<boolean>;
  /** Whether there is a row for the session of this cookie, live or not. */
  hasRow(cookie: string | undefined): Promise<boolean>;
  /** Starts an app with these routes, plus `/sign-in`, `/sign-out` and `/me`. */
  start(routes?: (app: Express, session: RequestHandler) => void, options?: AppOptions): Promise<TestApp>;
  /** Creates a user for `/sign-in?user=…`; a new one by default. */
  user(): Promise<TestUser>;
  /** Stops the apps; the database stays. */
  stopApps(): Promise<void>;
  dispose(): Promise<void>;
}

export async function createTestHost(): Promise<TestHost> {
  const storage = await createTempDatabase();
  const database = await storage.connect();
  const clock = createTestClock();
  const accounts = databaseAccounts(database.prisma);
  const running: { close(): Promise<void> }[] = [];
  const users = new Map<string, TestUser>();

  async function user(): Promise<TestUser> {
    const created = await accounts.create();
    users.set(created.user.id, created);
    return created;
  }

  async function start(
    routes: (app: Express, session: RequestHandler) => void = () => undefined,
    options: AppOptions = {},
  ): Promise<TestApp> {
    const lifetimes = { ...LIFETIMES, ...options.lifetimes };
    const opened = openDbEngine({ database: await storage.connect(), lifetimes, now: clock.now });
    const engine = options.engine?.(opened) ?? opened;
    const errors: unknown[] = [];
    const app = express();
    options.before?.(app);
    const session = sessionMiddleware({
      engine,
      lifetimes,
      cookie: { ...COOKIE, ...options.cookie },
      secrets: options.secrets ?? ['a secret of the tests'],
      now: clock.now,
      ...(options.signInPath !== undefined && { signInPath: options.signInPath }),
      onSignIn: options.onSignIn,
      ...(options.schema && { schema: options.schema }),
      ...(options.maxDataBytes !== undefined && { maxDataBytes: options.maxDataBytes }),
    });
    app.use(session);
    routes(app, session);
    accountRoutes(app, users);
    app.use(sessionErrorHandler);
    const last: ErrorRequestHandler = (error, _req, res, _next) => {
      errors.push(error);
      if (res.headersSent) return void res.destroy();
      res.status(500).json({ error: String(error) });
    };
    app.use(last);
    const server = await listen(app);
    running.push(server);
    return { url: server.url, engine, errors, browser: () => createBrowser(server.url) };
  }

  const stopApps = async (): Promise<void> => void (await Promise.all(running.splice(0).map((server) => server.close())));

  return {
    clock,
    accounts,
    storage,
    async stores(text) {
      const { session, user, activity } = database.prisma;
      const rows = [await session.findMany(), await user.findMany(), await activity.findMany()];
      return textOfRows(rows).includes(text);
    },
    hasRow: async (cookie) => (await database.prisma.session.count({ where: { handle: handleIn(cookie) } })) > 0,
    start,
    user,
    stopApps,
    async dispose() {
      await stopApps();
      await storage.dispose();
    },
  };
}

function accountRoutes(app: Express, users: ReadonlyMap<string, TestUser>): void {
  app.post('/sign-in', async (req, res) => {
    const { user = '', remember } = req.query as { user?: string; remember?: string };
    const known = users.get(user);
    if (!known) throw new Error('No such test user.');
    const signedIn = await sessionOf(req).signIn(known.user, {
      credentialEpoch: known.credentialEpoch,
      remember: remember === undefined ? undefined : remember === 'true',
    });
    res.status(signedIn ? 200 : 401).json({ signedIn });
  });

  app.post('/sign-out', async (req, res) => {
    await sessionOf(req).flush();
    res.json({ signedOut: true });
  });

  app.get('/me', (req, res) => {
    const state = sessionOf(req).state();
    res.json(state);
  });
}

/** Signs a new browser in. */
export async function signedIn(host: TestHost, app: TestApp, account?: TestUser): Promise<{ browser: Browser; account: TestUser }> {
  const owner = account ?? (await host.user());
  const browser = app.browser();
  const answer = await browser.post(`/sign-in?user=${owner.user.id}`);
  if (answer.status !== 200) throw new Error(`Signing in failed: ${answer.text}`);
  return { browser, account: owner };
}

/** A browser with the same current cookies for this app. */
export function at(app: TestApp, browser: Browser): Browser {
  const other = app.browser();
  for (const [name, value] of browser.cookies) other.cookies.set(name, value);
  return other;
}

/** Returns the engine with some calls replaced. */
export const withCalls =
  (calls: (engine: Engine) => Partial<Engine>) =>
  (engine: Engine): Engine => ({ ...engine, ...calls(engine) });

/** Returns the engine with every call wrapped. */
export const intercepted = (inner: Engine, around: (name: string, proceed: () => unknown) => unknown): Engine =>
  Object.fromEntries(
    Object.entries(inner).map(([name, call]) => [
      name,
      typeof call !== 'function'
        ? call
        : (...args: unknown[]) => around(name, () => Reflect.apply(call as (...args: unknown[]) => unknown, inner, args)),
    ]),
  ) as unknown as Engine;
