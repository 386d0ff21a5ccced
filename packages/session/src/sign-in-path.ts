import type { IncomingMessage } from 'node:http';
import { LOGIN_PATH, loginPath, safeNextPath, type Reason } from '@gatehouse/contract';
import { isPathUnder, originalUrl, pathnameOf } from './node-request.ts';
import { contextOf } from './request-context.ts';

/** A request's path and query as the browser sees them. */
export interface BrowserPath {
  /** The prefix that a proxy has removed. */
  readonly prefix: string;
  /** No proxy sent the prefix. It is assumed because the request is outside of the cookie's path. */
  readonly isGuess: boolean;
  /** The path exactly as requested. */
  readonly asked: string;
  /** The path in the cookie path's case: routers accept `/Shop` for `/shop`, browsers do not. */
  readonly path: string;
}

/**
 * X-Forwarded-Prefix can be forged, but only for the sender's own response: a page cannot make another browser send it,
 * and no cache keeps the response. So only its form is checked: it must be a path on this origin.
 */
export function browserPath(req: IncomingMessage, cookiePath: string): BrowserPath {
  const url = originalUrl(req);
  // Requests to a proxy have an absolute URL instead.
  const path = url.startsWith('/') ? url : '/';
  const folder = cookiePath.replace(/\/+$/, '');
  const isInside = isPathUnder(pathnameOf(path).toLowerCase(), folder.toLowerCase() || '/');
  const said = forwardedPrefix(req);
  const prefix = said ?? (isInside ? '' : folder);
  const asked = prefix === '' || isPathUnder(pathnameOf(path), prefix) ? path : prefix + path;
  return { prefix, asked, isGuess: said === undefined && !isInside, path: isInside ? folder + asked.slice(folder.length) : asked };
}

const MAX_PREFIX_LENGTH = 256;

/** Several proxies each add a prefix, the outermost first. */
function forwardedPrefix(req: IncomingMessage): string | undefined {
  const header = req.headers['x-forwarded-prefix'];
  if (header === undefined) return undefined;
  const prefix = String(header)
    .split(',')
    .map((part) => part.trim().replace(/\/+$/, ''))
    .join('');
  if (prefix === '') return '';
  const isPlain = prefix.length <= MAX_PREFIX_LENGTH && /^\/[\w.~!$&'()*+=:@%/-]*$/.test(prefix);
  return isPlain && safeNextPath(prefix) === prefix && !prefix.includes('//') ? prefix : undefined;
}

/** URL of the login page, which returns to the requested page afterwards. */
export function signInUrl(req: IncomingMessage, reason: Reason): string {
  const { cookie, signInPath } = contextOf(req) ?? {};
  const { prefix, path } = browserPath(req, cookie?.path ?? '/');
  const to = signInPath ?? prefix + LOGIN_PATH;
  return loginPath({ path: to, next: path, ...(reason !== 'SIGN_IN_REQUIRED' && { reason }) });
}
