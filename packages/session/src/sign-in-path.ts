import type { IncomingMessage } from 'node:http';
import { LOGIN_PATH, loginPath, safeNextPath, type Reason } from '@gatehouse/contract';
import { isPathUnder, originalUrl, pathnameOf } from './node-request.ts';
import { contextOf } from './request-context.ts';

/** A request's path and query as the browser sees them. */
export interface BrowserPath {
  /** What a proxy has cut off. */
  readonly prefix: string;
  /** No proxy said so: the request lies outside of the cookie's path, below which it must have been. */
  readonly isGuess: boolean;
  /** To the letter. */
  readonly asked: string;
  /** Where the cookie is sent: routers take `/Shop` for `/shop`, browsers do not. */
  readonly path: string;
}

/**
 * Anyone can write X-Forwarded-Prefix, but only for an answer to themselves: a page cannot make another's browser send it, and the answer
 * is kept by no cache. So it is a matter of form and not of trust: a path on this origin.
 */
export function browserPath(req: IncomingMessage, cookiePath: string): BrowserPath {
  const url = originalUrl(req);
  // The other form is an absolute URL, as sent to a proxy.
  const path = url.startsWith('/') ? url : '/';
  const folder = cookiePath.replace(/\/+$/, '');
  const isInside = isPathUnder(pathnameOf(path).toLowerCase(), folder.toLowerCase() || '/');
  const said = forwardedPrefix(req);
  const prefix = said ?? (isInside ? '' : folder);
  const asked = prefix === '' || isPathUnder(pathnameOf(path), prefix) ? path : prefix + path;
  return { prefix, asked, isGuess: said === undefined && !isInside, path: isInside ? folder + asked.slice(folder.length) : asked };
}

const MAX_PREFIX_LENGTH = 256;

/** Several proxies each add theirs, the outermost first. */
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

/** Where a person goes to sign in, and from there back to what they asked for. */
export function signInUrl(req: IncomingMessage, reason: Reason): string {
  const { cookie, signInPath } = contextOf(req) ?? {};
  const { prefix, path } = browserPath(req, cookie?.path ?? '/');
  const to = signInPath ?? prefix + LOGIN_PATH;
  return loginPath({ path: to, next: path, ...(reason !== 'SIGN_IN_REQUIRED' && { reason }) });
}
