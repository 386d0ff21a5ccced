import type { AppRouter } from '@gatehouse/api';
import { TRPC_PATH } from '@gatehouse/contract';
import type { TokenStore } from '../bearer.ts';
import type { ContainsGatehouse } from '../contains-gatehouse.ts';
import { createClient, type GatehouseClient } from '../create-client.ts';
import { cookieFetch } from './cookie-fetch.ts';
import { memoryCookieJar, type CookieJar } from './cookie-jar.ts';

export interface NodeClientOptions {
  /** The server's origin, or a folder below it: `https://app.example`. The router's path is appended. */
  readonly url: string;
  /** Where the router is mounted. @default '/trpc' */
  readonly path?: string;
  /** Use `fileCookieJar(path)` to keep cookies after the process ends. @default memoryCookieJar() */
  readonly jar?: CookieJar;
  /** Keeps the session as a token here, instead of a cookie in `jar`. The server needs SESSION_BEARER=true. */
  readonly bearer?: TokenStore | undefined;
  /** Timeout of each HTTP request. @default 10_000 */
  readonly timeoutMs?: number;
  /** The name of this program in the list of sessions. @default 'gatehouse-client' */
  readonly userAgent?: string;
  /** The id of the user that calls are made for. They fail with `USER_CHANGED` if the jar has a different user's session. */
  readonly userId?: () => string | undefined;
}

/**
 * The typed client for Node: `await createNodeClient({ url }).auth.me.query()`. For a router of your own: `createNodeClient<MyRouter>(…)`.
 * If the server cannot be reached, calls fail with a `TRPCClientError` whose `cause` is a `ConnectionError`.
 */
export function createNodeClient<Router extends ContainsGatehouse<Router> = AppRouter>({
  url,
  path = TRPC_PATH,
  jar = memoryCookieJar(),
  bearer,
  timeoutMs = 10_000,
  userAgent = 'gatehouse-client',
  userId,
}: NodeClientOptions): GatehouseClient<Router> {
  return createClient<Router>({ url: url.replace(/\/+$/, '') + path, fetch: cookieFetch({ jar, timeoutMs, userAgent }), bearer, userId });
}
