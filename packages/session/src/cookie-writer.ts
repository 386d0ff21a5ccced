import type { IncomingMessage, ServerResponse } from 'node:http';
import vary from 'vary';
import { assertDeliverable, warnOfPlacement } from './cookie-checks.ts';
import { isSecure, pathnameOf, requestHosts } from './node-request.ts';
import { removeOlderCookies } from './older-cookies.ts';
import { isCleanUpDue, type Presented } from './presented-cookies.ts';
import type { DueCookie } from './due-cookie.ts';
import type { LiveSession } from './live-session.ts';
import { isNodeResponse } from './response-gate.ts';
import { expiredCookie, replaceCookie, sessionCookie, type CookieSettings } from './session-cookie.ts';
import { browserPath } from './sign-in-path.ts';
import { warnOnce } from './warn-once.ts';

export interface CookieNeeds {
  readonly session: LiveSession | undefined;
  readonly presented: Presented;
  /** Name of the earlier app's cookie, if this request's cookie of it is no longer needed. */
  readonly settledOldCookie: string | undefined;
}

/** Writes the cookies of a response. Runs when the headers are sent, so that nothing can overwrite them. `secret` signs. */
export function createCookieWriter(cookie: CookieSettings, secret: string) {
  /** undefined if a browser would not keep the cookie. Sending it would only expose the id on the network. */
  function given(req: IncomingMessage, due: DueCookie, secure: boolean): string | undefined {
    try {
      assertDeliverable(req, cookie, false);
      return sessionCookie(cookie, due, secret, secure);
    } catch (error) {
      warnOnce('GATEHOUSE_COOKIE_UNDELIVERABLE', `A session cookie was not renewed. ${(error as Error).message}`);
      return undefined;
    }
  }

  return function writeCookie(req: IncomingMessage, res: ServerResponse, { session, presented, settledOldCookie }: CookieNeeds): void {
    // Not earlier, because tRPC overwrites Vary.
    if (session) vary(res, 'Cookie');
    const secure = cookie.secure === 'auto' ? isSecure(req) : cookie.secure;
    let due = session?.cookie();
    // If the cookies are ambiguous, keep the one with the current placement: it is valid once the others are removed.
    if (due === 'expire' && presented.read().isAmbiguous) due = undefined;
    const isReplaced = due === 'expire' || due?.isNew === true;
    const isCleanUp = session !== undefined && isCleanUpDue(presented, { isReplaced });
    // Clients that store one cookie per host and domain would lose ours together with the removed ones.
    if (isCleanUp && due === undefined && !presented.read().isAmbiguous) due = session.cookie(true);
    const existing = res.getHeader('Set-Cookie');
    // Almost every request: the browser has the cookie as it is.
    if (due === undefined && existing === undefined && !isCleanUp && settledOldCookie === undefined) return;
    const ours = due === undefined ? undefined : due === 'expire' ? expiredCookie(cookie, secure) : given(req, due, secure);
    const isNew = typeof due === 'object' && due.isNew;
    const browser = isCleanUp || isNew ? browserPath(req, cookie.path) : undefined;
    if (isNew && browser) warnOfPlacement(req, cookie, browser);
    const place = { host: requestHosts(req)[0] ?? '', path: pathnameOf(browser?.path ?? '/') };
    const older = isCleanUp ? removeOlderCookies(cookie, place, { secure, keepsOurs: ours === undefined }) : [];
    // Ours goes last: a client that identifies cookies by name alone keeps the last one.
    const all = [...older, ...(ours === undefined ? [] : [ours])];
    const headers = replaceCookie(existing, cookie.name, all);
    // If both cookies have the same name, ours has already replaced the old one.
    if (settledOldCookie !== undefined && (settledOldCookie !== cookie.name || ours === undefined))
      headers.push(expiredCookie({ ...cookie, name: settledOldCookie, path: '/' }, secure));
    setCookies(res, headers);
    if (all.length > 0) res.setHeader('Cache-Control', 'no-store');
  };
}

function setCookies(res: ServerResponse, headers: readonly string[]): void {
  if (headers.length === 0) res.removeHeader('Set-Cookie');
  else if (isNodeResponse(res)) res.setHeader('Set-Cookie', headers);
  // For an upgrade Socket.IO writes the header as one line, which can hold one cookie. The others are sent with a later
  // response.
  else if (headers.length === 1) res.setHeader('Set-Cookie', String(headers[0]));
}
