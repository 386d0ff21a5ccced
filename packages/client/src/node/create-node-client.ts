import { TRPC_PATH } from '@gatehouse/contract';
import { createClient, type GatehouseClient } from '../create-client.ts';
import { cookieFetch } from './cookie-fetch.ts';
import { memoryCookieJar, type CookieJar } from './cookie-jar.ts';

export interface NodeClientOptions {
  /** The server's origin: `https://app.example`. The router's path is appended. */
  readonly url: string;
  /** Use `fileCookieJar(path)` to keep cookies after the process ends. @default memoryCookieJar() */
  readonly jar?: CookieJar;
  /** Timeout of each HTTP request. @default 10_000 */
  readonly timeoutMs?: number;
  /** The name of this program in the list of sessions. @default 'gatehouse-client' */
  readonly userAgent?: string;
  /** The id of the user that calls are made for. They fail with `USER_CHANGED` if the jar has a different user's session. */
  readonly userId?: () => string | undefined;
}

/**
 * The typed client for Node: `await createNodeClient({ url }).auth.me.query()`.
 * If the server cannot be reached, calls fail with a `TRPCClientError` whose `cause` is a `ConnectionError`.
 */
export function createNodeClient({
  url,
  jar = memoryCookieJar(),
  timeoutMs = 10_000,
  userAgent = 'gatehouse-client',
  userId,
}: NodeClientOptions): GatehouseClient {
  return createClient({ url: url.replace(/\/+$/, '') + TRPC_PATH, fetch: cookieFetch({ jar, timeoutMs, userAgent }), userId });
}
