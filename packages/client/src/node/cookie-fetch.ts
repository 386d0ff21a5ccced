import { ConnectionError, connectionError } from './connection-error.ts';
import type { CookieJar } from './cookie-jar.ts';

interface CookieFetchOptions {
  readonly jar: CookieJar;
  /** Timeout of the whole exchange, including the response body. */
  readonly timeoutMs: number;
  readonly userAgent: string;
}

/** `new Response` throws if one of these statuses comes with a body. */
const NULL_BODY_STATUSES: ReadonlySet<number> = new Set([101, 204, 205, 304]);

/**
 * A `fetch` with a cookie jar. It does not follow redirects: the router never sends any, and following one to
 * another origin would send a password or cookie there.
 */
export function cookieFetch({ jar, timeoutMs, userAgent }: CookieFetchOptions): typeof fetch {
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const headers = new Headers(init?.headers);
    const cookies = jar.cookieHeader(url);
    if (cookies) headers.set('cookie', cookies);
    headers.set('user-agent', userAgent);
    const { response, body } = await exchange(url, { ...init, headers, redirect: 'manual' }, timeoutMs);
    assertNoRedirect(response, url);
    jar.receive(url, response.headers.getSetCookie());
    assertJson(response, url);
    return new Response(NULL_BODY_STATUSES.has(response.status) ? null : body, response);
  };
}

/** Reads the body as well, so that the timeout also covers a server that stops after the headers. */
async function exchange(url: URL, init: RequestInit, timeoutMs: number) {
  const timeout = AbortSignal.timeout(timeoutMs);
  const signal = init.signal ? AbortSignal.any([init.signal, timeout]) : timeout;
  try {
    const response = await fetch(url, { ...init, signal });
    return { response, body: await response.arrayBuffer() };
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw connectionError(error, { origin: url.origin, timeoutMs });
  }
}

function assertNoRedirect({ status, headers }: Response, url: URL): void {
  if (status < 300 || status > 399 || status === 304) return;
  const target = URL.parse(headers.get('location') ?? '', url.href);
  const hint = target && target.origin !== url.origin ? ` to ${target.origin}. If that is the server, use its address` : '';
  throw new ConnectionError(`${url.origin} redirects${hint}.`);
}

/** Anything else is a gateway's error page or a different server. */
function assertJson({ status, headers }: Response, url: URL): void {
  if (headers.get('content-type')?.startsWith('application/json')) return;
  throw new ConnectionError(`${url.origin} is not a Gatehouse server (HTTP ${status}).`);
}
