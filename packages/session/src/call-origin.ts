import { AJAX_HEADER, AJAX_HEADER_VALUE } from '@gatehouse/contract';
import type { IncomingMessage } from 'node:http';

/** The call carries `X-Requested-With: XMLHttpRequest`, as Django's `is_ajax` asked for. */
export const isAjax = (req: IncomingMessage): boolean => req.headers[AJAX_HEADER.toLowerCase()] === AJAX_HEADER_VALUE;

/**
 * Another site sent it, by `Origin` or Fetch Metadata. A client that is no browser sends neither and is not
 * cross-site: it has no cookie of its user's that it does not know.
 *
 * @param trustedOrigins other front ends that may call, exactly as browsers write them (`https://admin.example`).
 */
export function isCrossSite(req: IncomingMessage, trustedOrigins: readonly string[]): boolean {
  const { origin } = req.headers;
  if (origin !== undefined && trustedOrigins.includes(origin)) return false;
  if (origin !== undefined && !isOwnOrigin(origin, req.headers.host)) return true;
  const site = req.headers['sec-fetch-site'];
  // `same-site` is a sibling host: near enough for cookies, not for trust.
  return site === 'cross-site' || site === 'same-site';
}

/** A browser writes both headers itself, so a page elsewhere cannot make them agree. `null` parses to nothing. */
const isOwnOrigin = (origin: string, host: string | undefined): boolean =>
  host !== undefined && URL.parse(origin)?.host === host.toLowerCase();

/** A person went to a page, rather than a script asking for data: they can be sent to the login screen. */
export function isNavigation(req: IncomingMessage): boolean {
  if (isAjax(req)) return false;
  return req.headers['sec-fetch-mode'] === 'navigate' || (req.headers.accept ?? '').includes('text/html');
}
