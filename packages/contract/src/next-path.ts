import { LOGIN_PATH } from './wire.ts';

const ORIGIN = 'http://gatehouse.invalid';

/**
 * The path, query and hash to open after sign-in, or `/` for anything that is not a plain path on this origin (an open
 * redirect): `//evil`, `/\evil`, `https:evil`, `javascript:`, and variants with tabs or encoded characters.
 * Browsers strip tabs and treat `\` as `/`, so the check looks at the URL that the WHATWG parser returns.
 */
export function safeNextPath(next: unknown): string {
  if (typeof next !== 'string' || next.length > 2048 || !/^\/(?![/\\])/.test(next)) return '/';
  // URL parsers drop control characters, so `/<TAB>/evil` would become `//evil`.
  // oxlint-disable-next-line no-control-regex
  if (/[\u0000-\u001f\u007f\\]/.test(next)) return '/';
  const url = URL.parse(next, ORIGIN);
  if (!url || url.origin !== ORIGIN) return '/';
  // `/..//evil` resolves to `//evil`. Some servers decode `%2f` or `%09` before they redirect, and browsers drop the tab.
  if (/^\/(%0[9ad])*(\/|%2f|%5c)/i.test(url.pathname)) return '/';
  // The login page would redirect to itself.
  if (url.pathname === LOGIN_PATH) return '/';
  return url.pathname + url.search + url.hash;
}

/** The address of the login page for a page that needs a session. `path`: where the login page is, `/login` by default. */
export function loginPath(options: { next?: string; reason?: string; path?: string }): string {
  const { path = LOGIN_PATH } = options;
  const query = new URLSearchParams();
  const next = safeNextPath(options.next);
  if (next !== '/' && next.split(/[?#]/, 1)[0] !== path) query.set('next', next);
  if (options.reason) query.set('reason', options.reason);
  return query.size > 0 ? `${path}?${query}` : path;
}
