import { AJAX_HEADER, AJAX_HEADER_VALUE, BACKGROUND_HEADER, BACKGROUND_HEADER_VALUE, USER_HEADER } from '@gatehouse/contract';
import type { IncomingMessage } from 'node:http';
import { isSecure, requestHosts } from './node-request.ts';

/** Whether the call has `X-Requested-With: XMLHttpRequest`, which Django's `is_ajax` checked. */
export const isAjax = (req: IncomingMessage): boolean => req.headers[AJAX_HEADER.toLowerCase()] === AJAX_HEADER_VALUE;

/**
 * Whether a script polls without a person (`X-Gatehouse-Background: 1`), or opens a stream, which browsers reopen without
 * a person. Such a request is not activity. Requests that change something always are.
 */
export const isBackground = (req: IncomingMessage): boolean =>
  (req.method === 'GET' || req.method === 'HEAD') &&
  (req.headers[BACKGROUND_HEADER.toLowerCase()] === BACKGROUND_HEADER_VALUE || req.headers.accept === 'text/event-stream');

/** Id of the user for whom the page made the call (`X-Gatehouse-User`); undefined: for any signed-in user. */
export const madeForUser = (req: Pick<IncomingMessage, 'headers'>): string | undefined => {
  const id = req.headers[USER_HEADER.toLowerCase()];
  return typeof id === 'string' && id !== '' ? id : undefined;
};

/**
 * Whether another site sent the request. Browsers report that in `Sec-Fetch-Site`, which pages cannot set. It takes
 * precedence over `Origin`, which is `null` under `Referrer-Policy: no-referrer`, and over a `Host` that a proxy has
 * changed. Without it (older browsers, plain http) `Origin` decides. Clients other than browsers send neither and are
 * not cross-site: they have no cookies that another site could misuse.
 *
 * @see https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header
 * @param trustedOrigins origins of other front ends that may call, as browsers write them (`https://admin.example`).
 */
export function isCrossSite(req: IncomingMessage, trustedOrigins: readonly string[]): boolean {
  const { origin } = req.headers;
  if (origin !== undefined && trustedOrigins.includes(origin)) return false;
  switch (req.headers['sec-fetch-site']) {
    case 'same-origin':
      return false;
    case undefined:
      return origin !== undefined && !isOwnOrigin(origin, req);
    case 'none':
      // The person typed the address or used a bookmark, which is always a GET. Any other method must have a matching
      // Origin.
      return origin === undefined ? !isSafe(req) : !isOwnOrigin(origin, req);
    default:
      // `same-site` is a sibling host. It may share cookies, but it is not trusted.
      return true;
  }
}

/** Safe methods change nothing (RFC 9110, 9.2.1). */
const isSafe = ({ method }: IncomingMessage): boolean => method === undefined || ['GET', 'HEAD', 'OPTIONS'].includes(method);

/**
 * Browsers write both headers, so another site cannot make them match. `null` does not parse. A page from plain http is
 * not of the same site as https: an attacker on the network can forge one for any host.
 */
function isOwnOrigin(origin: string, req: IncomingMessage): boolean {
  const from = URL.parse(origin);
  if (!from || from.origin === 'null' || (isSecure(req) && from.protocol !== 'https:')) return false;
  return requestHosts(req).some((host) => hostOf(host, from.protocol) === from.host.replace(/\.(?=:|$)/, ''));
}

/** The host as a browser writes it in an Origin of this scheme: lower case, without the default port or a trailing dot. */
function hostOf(host: string, protocol: string): string | undefined {
  return /[\s/?#@\\]/.test(host) ? undefined : URL.parse(`${protocol}//${host}`)?.host.replace(/\.(?=:|$)/, '');
}

/** Whether a person navigated to a page. Such a request may be redirected to the login page; a script's may not. */
export function isNavigation(req: IncomingMessage): boolean {
  if (isAjax(req)) return false;
  return req.headers['sec-fetch-mode'] === 'navigate' || (req.headers.accept ?? '').includes('text/html');
}
