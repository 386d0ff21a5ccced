import { AJAX_HEADER, AJAX_HEADER_VALUE, BACKGROUND_HEADER, BACKGROUND_HEADER_VALUE, USER_HEADER } from '@gatehouse/contract';
import type { Request } from 'express';
import type { IncomingMessage } from 'node:http';

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
 * Another site sent it, by `Origin` or Fetch Metadata. A client that is no browser sends neither and is not
 * cross-site: it has no cookie of its user's that it does not know.
 *
 * @param trustedOrigins other front ends that may call, exactly as browsers write them (`https://admin.example`).
 */
export function isCrossSite(req: Pick<Request, 'headers' | 'secure'>, trustedOrigins: readonly string[]): boolean {
  const { origin } = req.headers;
  if (origin !== undefined && trustedOrigins.includes(origin)) return false;
  if (origin !== undefined && !isOwnOrigin(origin, req)) return true;
  const site = req.headers['sec-fetch-site'];
  // `same-site` is a sibling host: near enough for cookies, not for trust.
  return site === 'cross-site' || site === 'same-site';
}

/**
 * A browser writes both headers itself, so a page elsewhere cannot make them agree. `null` parses to nothing. A page over plain http is
 * not of a site on https: whoever is on the network can write one under any name.
 */
function isOwnOrigin(origin: string, { headers: { host }, secure }: Pick<Request, 'headers' | 'secure'>): boolean {
  const from = URL.parse(origin);
  return host !== undefined && from?.host === host.toLowerCase() && (!secure || from.protocol === 'https:');
}

/** A person went to a page, rather than a script asking for data: they can be sent to the login screen. */
export function isNavigation(req: IncomingMessage): boolean {
  if (isAjax(req)) return false;
  return req.headers['sec-fetch-mode'] === 'navigate' || (req.headers.accept ?? '').includes('text/html');
}
