import type { IncomingMessage, ServerResponse } from 'node:http';
import vary from 'vary';
import { assertDeliverable, warnOfPlacement } from './cookie-checks.ts';
import { isSecure, pathnameOf, requestHosts } from './node-request.ts';
import { removeOlderCookies } from './older-cookies.ts';
import type { Presented } from './presented-cookies.ts';
import type { DueCookie } from './due-cookie.ts';
import type { RequestSession } from './request-session.ts';
import { isNodeResponse } from './response-gate.ts';
import { expiredCookie, replaceCookie, sessionCookie, type CookieSettings } from './session-cookie.ts';
import { browserPath } from './sign-in-path.ts';
import { warnOnce } from './warn-once.ts';

export interface CookieNeeds {
  readonly session: RequestSession | undefined;
  readonly presented: Presented;
  /** Of the app that was here before: this request's cookie of it is of no use any more. */
  readonly settledOldCookie: string | undefined;
}

/** Puts into an answer's headers what its session asks for. Runs when they leave, so it has the last word. `secret` signs. */
export function createCookieWriter(cookie: CookieSettings, secret: string) {
  /** undefined: a browser would not keep it, and to send it would only show the id to the network. */
  function given(req: IncomingMessage, due: DueCookie, secure: boolean): string | undefined {
    try {
      assertDeliverable(req, cookie, false);
      return sessionCookie(cookie, due, secret, secure);
    } catch (error) {
      warnOnce('GATEHOUSE_COOKIE_UNDELIVERABLE', `The cookie of a session was not renewed. ${(error as Error).message}`);
      return undefined;
    }
  }

  /** What earlier settings left goes with the next cookie of a new id, or at once where the browser sends several. */
  function isCleanUpDue(presented: Presented, due: DueCookie | 'expire' | undefined): boolean {
    if (presented.count === 0 || (presented.count === 1 && due !== 'expire' && due?.isNew !== true)) return false;
    const { hasOlder, hasForeign } = presented.read();
    return hasOlder && !hasForeign;
  }

  return function writeCookie(req: IncomingMessage, res: ServerResponse, { session, presented, settledOldCookie }: CookieNeeds): void {
    // Here and not earlier: tRPC sets its own Vary over whatever was there.
    if (session) vary(res, 'Cookie');
    const secure = cookie.secure === 'auto' ? isSecure(req) : cookie.secure;
    let due = session?.cookie();
    // Of several that count for nobody the one of today's place stays: it counts once the others are gone.
    if (due === 'expire' && presented.read().isAmbiguous) due = undefined;
    const isCleanUp = session !== undefined && isCleanUpDue(presented, due);
    // Clients that keep one cookie for a host and its domain would lose ours with the others.
    if (isCleanUp && due === undefined && !presented.read().isAmbiguous) due = session.cookie(true);
    const ours = due === undefined ? undefined : due === 'expire' ? expiredCookie(cookie, secure) : given(req, due, secure);
    const isNew = typeof due === 'object' && due.isNew;
    const browser = isCleanUp || isNew ? browserPath(req, cookie.path) : undefined;
    if (isNew && browser) warnOfPlacement(req, cookie, browser);
    const place = { host: requestHosts(req)[0] ?? '', path: pathnameOf(browser?.path ?? '/') };
    const older = isCleanUp ? removeOlderCookies(cookie, place, { secure, keepsOurs: ours === undefined }) : [];
    // Ours last: a client that knows cookies by their name alone keeps the last.
    const all = [...older, ...(ours === undefined ? [] : [ours])];
    const headers = replaceCookie(res.getHeader('Set-Cookie'), cookie.name, all);
    // Where both have one name, ours has taken the place of the old one.
    if (settledOldCookie !== undefined && (settledOldCookie !== cookie.name || ours === undefined))
      headers.push(expiredCookie({ ...cookie, name: settledOldCookie, path: '/' }, secure));
    setCookies(res, headers);
    if (all.length > 0) res.setHeader('Cache-Control', 'no-store');
  };
}

function setCookies(res: ServerResponse, headers: readonly string[]): void {
  if (headers.length === 0) res.removeHeader('Set-Cookie');
  else if (isNodeResponse(res)) res.setHeader('Set-Cookie', headers);
  // Socket.IO writes what it is given for an upgrade as one line, which holds one cookie. The others are sent with a later answer.
  else if (headers.length === 1) res.setHeader('Set-Cookie', String(headers[0]));
}
