import { TRPC_PATH } from '@gatehouse/contract';
import { createClient, type GatehouseClient } from '../create-client.ts';
import { cookieFetch } from './cookie-fetch.ts';
import { memoryCookieJar, type CookieJar } from './cookie-jar.ts';

export interface NodeClientOptions {
  /** The server's address: `https://app.example`. The router's path is added. */
  readonly url: string;
  /** Default: cookies end with the process. `fileCookieJar(path)` keeps them. */
  readonly jar?: CookieJar;
  /** Bound of each HTTP request. Default 10,000 ms. */
  readonly timeoutMs?: number;
  /** How this program calls itself in the list of sessions. */
  readonly userAgent?: string;
  /** The id of the user that calls are made for: where the jar holds another's session they fail with `USER_CHANGED`. Default: whoever's it is. */
  readonly userId?: () => string | undefined;
}

/**
 * The typed client for Node: `await createNodeClient({ url }).auth.me.query()`.
 * A server that cannot be reached gives a `TRPCClientError` whose `cause` is a `ConnectionError`.
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
