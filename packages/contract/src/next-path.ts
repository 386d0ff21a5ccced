import { LOGIN_PATH } from './wire.ts';

const ORIGIN = 'http://gatehouse.invalid';

/**
 * The path, query and hash to go to after signing in, or `/` for anything that is not a plain path on this
 * origin: `//evil`, `/\evil`, `https:evil`, `javascript:`, tab-broken and encoded variants.
 * The WHATWG parser strips tabs and treats `\` as `/`, so what counts is what it makes of the text.
 */
export function safeNextPath(next: unknown): string {
  if (typeof next !== 'string' || next.length > 2048 || !/^\/(?![/\\])/.test(next)) return '/';
  // Control characters are dropped by URL parsers, so `/<TAB>/evil` would become `//evil`.
  // oxlint-disable-next-line no-control-regex
  if (/[\u0000-\u001f\u007f\\]/.test(next)) return '/';
  const url = URL.parse(next, ORIGIN);
  if (!url || url.origin !== ORIGIN) return '/';
  // `/..//evil` is resolved to `//evil`, and some servers decode `%2f`, or the `%09` that a browser then drops, before they route.
  if (/^\/(%0[9ad])*(\/|%2f|%5c)/i.test(url.pathname)) return '/';
  // Back to the login screen would be a loop.
  if (url.pathname === LOGIN_PATH) return '/';
  return url.pathname + url.search + url.hash;
}

/** The login screen's address for a page that needs a session. `path`: where that screen is, default `/login`. */
export function loginPath(options: { next?: string; reason?: string; path?: string }): string {
  const { path = LOGIN_PATH } = options;
  const query = new URLSearchParams();
  const next = safeNextPath(options.next);
  if (next !== '/' && next.split(/[?#]/, 1)[0] !== path) query.set('next', next);
  if (options.reason) query.set('reason', options.reason);
  return query.size > 0 ? `${path}?${query}` : path;
}
