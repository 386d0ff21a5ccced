import { ConnectionError, connectionError } from './connection-error.ts';
import type { CookieJar } from './cookie-jar.ts';

interface CookieFetchOptions {
  readonly jar: CookieJar;
  /** Bound of a whole call, the answer's last byte included. */
  readonly timeoutMs: number;
  readonly userAgent: string;
}

/** Statuses whose answers have no body; `Response` refuses to be made with one. */
const BODILESS: ReadonlySet<number> = new Set([101, 204, 205, 304]);

/**
 * A `fetch` that keeps cookies. Redirects are not followed: the router never redirects, and following one to
 * another origin would carry a password or a cookie there.
 */
export function cookieFetch({ jar, timeoutMs, userAgent }: CookieFetchOptions): typeof fetch {
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const headers = new Headers(init?.headers);
    const cookies = jar.cookieHeader(url);
    if (cookies) headers.set('cookie', cookies);
    headers.set('user-agent', userAgent);
    const { response, body } = await exchange(url, { ...init, headers, redirect: 'manual' }, timeoutMs);
    refuseRedirect(response, url);
    jar.receive(url, response.headers.getSetCookie());
    refuseForeignAnswer(response, url);
    return new Response(BODILESS.has(response.status) ? null : body, response);
  };
}

/** The answer with its whole body, so that one bound covers a server that sends headers and then nothing. */
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

function refuseRedirect({ status, headers }: Response, url: URL): void {
  if (status < 300 || status > 399 || status === 304) return;
  const target = URL.parse(headers.get('location') ?? '', url.href);
  const where = target && target.origin !== url.origin ? ` to ${target.origin}. If that is the server, give its address` : '';
  throw new ConnectionError(`${url.origin} sends its callers elsewhere${where}.`);
}

/** A gateway's error page, or some other server on this port. */
function refuseForeignAnswer({ status, headers }: Response, url: URL): void {
  if (headers.get('content-type')?.startsWith('application/json')) return;
  throw new ConnectionError(`What answers at ${url.origin} is not a Gatehouse server (HTTP ${status}).`);
}
