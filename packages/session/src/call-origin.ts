import { AJAX_HEADER, AJAX_HEADER_VALUE, BACKGROUND_HEADER, BACKGROUND_HEADER_VALUE, USER_HEADER } from '@gatehouse/contract';
import type { IncomingMessage } from 'node:http';
import { isSecure, requestHosts } from './node-request.ts';

/** The call carries `X-Requested-With: XMLHttpRequest`, as Django's `is_ajax` asked for. */
export const isAjax = (req: IncomingMessage): boolean => req.headers[AJAX_HEADER.toLowerCase()] === AJAX_HEADER_VALUE;

/** No person caused it (`X-Gatehouse-Background: 1`), so it is no activity. A request that changes something always is. */
export const isBackground = (req: IncomingMessage): boolean =>
  (req.method === 'GET' || req.method === 'HEAD') && req.headers[BACKGROUND_HEADER.toLowerCase()] === BACKGROUND_HEADER_VALUE;

/** The id of the user that it was made for (`X-Gatehouse-User`); undefined: for whoever is signed in. */
export const madeForUser = (req: Pick<IncomingMessage, 'headers'>): string | undefined => {
  const id = req.headers[USER_HEADER.toLowerCase()];
  return typeof id === 'string' && id !== '' ? id : undefined;
};

/**
 * Another site sent it. A browser says so in `Sec-Fetch-Site`, which no page can write; it stands above `Origin`, which is `null` under
 * `Referrer-Policy: no-referrer`, and above a `Host` that a proxy has changed. Where it is missing (older browsers, plain http) `Origin` decides. A
 * client that is no browser sends neither and is not cross-site: it has no cookie of its user's that it does not know.
 *
 * @see https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header
 * @param trustedOrigins other front ends that may call, exactly as browsers write them (`https://admin.example`).
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
      // A person typed the address or chose a bookmark. That is a GET; a POST that claims it has to show where it comes from.
      return origin === undefined ? !isSafe(req) : !isOwnOrigin(origin, req);
    default:
      // `same-site` is a sibling host: near enough for cookies, not for trust.
      return true;
  }
}

/** Changes nothing (RFC 9110, 9.2.1). */
const isSafe = ({ method }: IncomingMessage): boolean => method === undefined || ['GET', 'HEAD', 'OPTIONS'].includes(method);

/**
 * A browser writes both headers itself, so a page elsewhere cannot make them agree. `null` parses to nothing. A page over plain http is
 * not of a site on https: whoever is on the network can write one under any name.
 */
function isOwnOrigin(origin: string, req: IncomingMessage): boolean {
  const from = URL.parse(origin);
  if (!from || from.origin === 'null' || (isSecure(req) && from.protocol !== 'https:')) return false;
  return requestHosts(req).some((host) => hostOf(host, from.protocol) === from.host.replace(/\.(?=:|$)/, ''));
}

/** As the browser writes it in an Origin of this scheme: lower case, no default port; the dot of a full name left out. */
function hostOf(host: string, protocol: string): string | undefined {
  return /[\s/?#@\\]/.test(host) ? undefined : URL.parse(`${protocol}//${host}`)?.host.replace(/\.(?=:|$)/, '');
}

/** A person went to a page, rather than a script asking for data: they can be sent to the login screen. */
export function isNavigation(req: IncomingMessage): boolean {
  if (isAjax(req)) return false;
  return req.headers['sec-fetch-mode'] === 'navigate' || (req.headers.accept ?? '').includes('text/html');
}
