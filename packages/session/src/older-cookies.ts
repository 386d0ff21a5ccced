import { isIP } from 'node:net';
import { stringifySetCookie } from 'cookie';
import { hostnameOf } from './node-request.ts';
import type { CookieSettings, Placement } from './session-cookie.ts';

/** Each is a header. Nobody has a session cookie on more levels than these. */
const MAX_DOMAINS = 4;
const MAX_PATHS = 4;

/**
 * Of all these headers together. Names and paths of a request are as long as its sender likes, and a proxy refuses an answer whose headers do
 * not fit: nginx with 502 over 4 KiB (`proxy_buffer_size`), so that nobody could sign in. What is left over stays in the browser and
 * counts for nothing.
 */
const MAX_BYTES = 2048;

/**
 * Set-Cookie headers that remove what earlier settings of domain and path have left under our name. A browser removes a cookie only
 * if domain and path are its own (RFC 6265, 5.3), so each place is named from which this request can have got one: the likely ones first, as
 * many as fit into `MAX_BYTES`.
 *
 * @param place `host` as in the request's `Host`, `path` of the request as the browser sees it.
 * @param options.keepsOurs no cookie of ours follows. Then nothing is removed from its place, whether for the host alone or for its domain: by
 *   RFC 6265 these are one place, by browsers and RFC 6265bis two.
 */
export function removeOlderCookies(
  cookie: CookieSettings,
  { host, path }: { host: string; path: string },
  { secure, keepsOurs }: { secure: boolean; keepsOurs: boolean },
): string[] {
  // Browsers keep such a name in one place only.
  if (/^__host-/i.test(cookie.name)) return [];
  const name = hostnameOf(host);
  const isOurs = (domain: string | undefined, from: string): boolean =>
    from === cookie.path && (keepsOurs ? (domain ?? name) === (cookie.domain ?? name) : domain === cookie.domain);
  const domains = domainsOf(name, cookie);
  const headers = pathsOf(path, cookie).flatMap((from) =>
    domains
      .filter((domain) => !isOurs(domain, from))
      .map((domain) =>
        stringifySetCookie({
          name: cookie.name,
          value: '',
          maxAge: 0,
          path: from,
          ...(domain !== undefined && { domain }),
          httpOnly: true,
          secure,
        }),
      ),
  );
  let bytes = 0;
  return headers.filter((header) => (bytes += Buffer.byteLength(header)) <= MAX_BYTES);
}

/** This host alone, and each domain that it is under but for top-level ones, which no browser takes. */
function domainsOf(name: string, { domain: ours }: Placement): (string | undefined)[] {
  const domains: (string | undefined)[] = [undefined, ...(ours === undefined ? [] : [ours])];
  if (name.startsWith('[') || isIP(name) !== 0) return domains;
  const labels = name.split('.');
  const above = labels.map((_, level) => labels.slice(level).join('.')).filter((domain) => domain.includes('.'));
  return [...new Set([...domains, ...above.slice(0, MAX_DOMAINS)])];
}

/** `/`, ours, and each folder of the request's path; `/shop` and `/shop/` are two places. */
function pathsOf(path: string, { path: ours }: Placement): string[] {
  // What could end the attribute is in no path that a cookie was ever set for.
  const segments = /^[!-:<-~]*$/.test(path) ? path.split('/').filter(Boolean).slice(0, MAX_PATHS) : [];
  const folders = segments.map((_, level) => `/${segments.slice(0, level + 1).join('/')}`);
  const bothWays = [ours, ...folders].flatMap((folder) =>
    folder === '/' ? folder : [folder.replace(/\/$/, ''), folder.replace(/\/?$/, '/')],
  );
  return [...new Set(['/', ...bothWays])];
}
