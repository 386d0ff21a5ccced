import { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { SessionUser } from '@gatehouse/contract';
import type { Request } from 'express';
import { contextOf } from '../request-context.ts';
import type { RequestSession } from '../request-session.ts';
import { isMarkedSessions } from '../sessions-mark.ts';

/** `sessionMiddleware(…)` or `gatehouse.sessions`. */
// oxlint-disable-next-line typescript/no-explicit-any -- Express and plain Node declare their requests differently
export type Sessions = (req: any, res: any, next: (error?: unknown) => void) => unknown;

/** An Express app, a Node server that runs one, the session middleware itself, or an object with it, such as `gatehouse`. */
export type AppWithSessions = Sessions | Server | { readonly sessions: Sessions };

export interface SignInAsOptions {
  /**
   * The user's credential epoch, as its UserSource returns it. With Gatehouse's accounts:
   * `(await accounts.forSignIn(user.id)).credentialEpoch`.
   * @default 0
   */
  readonly credentialEpoch?: number | undefined;
  /** As given to `sessionOf(req).signIn`. @default 'password' */
  readonly method?: string | undefined;
  readonly remember?: boolean | undefined;
  /** Of the device, for the list of sessions. @default 'test' */
  readonly userAgent?: string | undefined;
  /** @default '127.0.0.1' */
  readonly ip?: string | undefined;
  /** Changes the new session, such as its data: `(req) => { req.session.basket = ['tea']; }`. It is stored. */
  readonly prepare?: ((req: Request, session: RequestSession) => void | Promise<void>) | undefined;
}

/** A session that a test can use. */
export interface TestSession {
  /** Public id, `ses_…`. */
  readonly handle: string;
  /** Value of the `Cookie` header: supertest's `.set('Cookie', session.cookie)`. */
  readonly cookie: string;
  /** For a page: `fetch(url, { headers: session.headers })`. */
  readonly headers: { readonly cookie: string };
  /** For a call of a script: with `X-Requested-With`, which `requireSessionAjax` and the mutations of the router need. */
  readonly ajaxHeaders: { readonly cookie: string; readonly 'x-requested-with': 'XMLHttpRequest' };
}

/**
 * Signs a user in without a password form and without a network: the app's own session middleware handles a request that never leaves the
 * process. So the session, its limits and `onSignIn` are the real ones.
 *
 *     const session = await signInAs(app, ada);
 *     const response = await fetch(`${url}/account`, { headers: session.headers });
 *
 * @throws Error if the app has no session middleware, or the user may not sign in.
 */
export async function signInAs(app: AppWithSessions, user: SessionUser, options: SignInAsOptions = {}): Promise<TestSession> {
  const { credentialEpoch = 0, method, remember, prepare } = options;
  const { req, res } = exchange(options);
  await pass(sessionsOf(app), req, res);
  const session = contextOf(req)?.session;
  if (!session) throw new Error('signInAs: the session middleware of this app did not load a session.');
  if (!(await session.signIn(user, { credentialEpoch, method, remember })))
    throw new Error(
      `signInAs: the user ${user.id} may not sign in. The user must be known to the engine’s users and be active, and credentialEpoch must be the current one, not ${credentialEpoch}.`,
    );
  await prepare?.(req as unknown as Request, session);
  await session.commitOrThrow();
  res.writeHead(200);
  const header = [res.getHeader('set-cookie') ?? []].flat().map(String)[0];
  const handle = session.handle();
  if (header === undefined || handle === undefined) throw new Error('signInAs: the session middleware set no cookie.');
  const cookie = header.slice(0, header.indexOf(';'));
  return { handle, cookie, headers: { cookie }, ajaxHeaders: { cookie, 'x-requested-with': 'XMLHttpRequest' } };
}

/** A request and its response without a connection. `secure`: counts as https, so that Secure cookies are set too. */
function exchange({ userAgent = 'test', ip = '127.0.0.1' }: SignInAsOptions) {
  const req = Object.assign(new IncomingMessage(new Socket()), {
    method: 'GET',
    url: '/',
    headers: { host: 'localhost', 'user-agent': userAgent },
    secure: true,
    ip,
    // What middleware for Express asks for.
    path: '/',
    baseUrl: '',
    originalUrl: '/',
    app: { get: () => undefined, set: () => undefined },
    get: (name: string): unknown => req.headers[name.toLowerCase()],
  });
  const res = new ServerResponse(req);
  return { req: Object.assign(req, { res }), res };
}

const pass = (sessions: Sessions, req: IncomingMessage, res: ServerResponse): Promise<void> =>
  new Promise((resolve, reject) => {
    sessions(req, res, (error) => (error === undefined ? resolve() : reject(error)));
  });

/** The session middleware of an app. */
function sessionsOf(app: AppWithSessions): Sessions {
  const found = find(app, 0);
  if (found) return found;
  throw new Error(
    'signInAs: found no session middleware. Give it the Express app that uses sessionMiddleware(…) or gatehouse.sessions, its running server, or that middleware itself.',
  );
}

function find(app: unknown, depth: number): Sessions | undefined {
  if (isSessions(app)) return app;
  if (depth > 8 || app === null || (typeof app !== 'object' && typeof app !== 'function')) return undefined;
  const { sessions } = app as { sessions?: unknown };
  if (isSessions(sessions)) return sessions;
  const listeners = app instanceof Server ? app.listeners('request') : [];
  for (const one of [...listeners, ...layersOf(app)]) {
    const found = find(one, depth + 1);
    if (found) return found;
  }
  return undefined;
}

/** The middleware of an Express app or router, in order. */
function layersOf(app: object): unknown[] {
  const own = app as Router & { _router?: Router; router?: Router };
  try {
    // Express 5 has `router`. Express 4 has `_router`, and throws for `router`.
    return (own.stack ?? own._router?.stack ?? own.router?.stack ?? []).map(({ handle }) => handle);
  } catch {
    return [];
  }
}

interface Router {
  readonly stack?: readonly { readonly handle?: unknown }[];
}

const isSessions = (one: unknown): one is Sessions => isMarkedSessions(one);
