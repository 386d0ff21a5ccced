import { isIP } from 'node:net';
import { stringifySetCookie } from 'cookie';
import { hostnameOf } from './node-request.ts';
import type { CookieSettings, Placement } from './session-cookie.ts';

/** Each combination is a header. Real sites do not set session cookies on more levels. */
const MAX_DOMAINS = 4;
const MAX_PATHS = 4;

/**
 * Limit for all these headers together. The sender chooses the length of host and path, and proxies reject large
 * response headers (nginx answers 502 over 4 KiB, `proxy_buffer_size`), which would block sign-in. A cookie that is
 * left over stays in the browser and is ignored.
 */
const MAX_BYTES = 2048;

/**
 * Set-Cookie headers that remove the cookies which earlier domain and path settings left under our name. A browser only
 * removes a cookie with exactly the same domain and path (RFC 6265, 5.3), so there is a header for each placement that
 * this request could have, the likely ones first, up to `MAX_BYTES`.
 *
 * @param place `host` from the request's `Host`, and `path` of the request as the browser sees it.
 * @param options.keepsOurs the response sets no cookie of ours. The current placement is then not removed, neither for
 * the host nor for its domain: RFC 6265 treats them as one placement, browsers and RFC 6265bis as two.
 */
export function removeOlderCookies(
  cookie: CookieSettings,
  { host, path }: { host: string; path: string },
  { secure, keepsOurs }: { secure: boolean; keepsOurs: boolean },
): string[] {
  // Browsers keep `__Host-` cookies in one placement only.
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

/** The host alone, and each of its parent domains except top-level domains, which browsers refuse. */
function domainsOf(name: string, { domain: ours }: Placement): (string | undefined)[] {
  const domains: (string | undefined)[] = [undefined, ...(ours === undefined ? [] : [ours])];
  if (name.startsWith('[') || isIP(name) !== 0) return domains;
  const labels = name.split('.');
  const above = labels.map((_, level) => labels.slice(level).join('.')).filter((domain) => domain.includes('.'));
  return [...new Set([...domains, ...above.slice(0, MAX_DOMAINS)])];
}

/** `/`, our path, and each folder of the request's path. `/shop` and `/shop/` are different paths. */
function pathsOf(path: string, { path: ours }: Placement): string[] {
  // No cookie can have been set for a path with characters that end the attribute.
  const segments = /^[!-:<-~]*$/.test(path) ? path.split('/').filter(Boolean).slice(0, MAX_PATHS) : [];
  const folders = segments.map((_, level) => `/${segments.slice(0, level + 1).join('/')}`);
  const bothWays = [ours, ...folders].flatMap((folder) =>
    folder === '/' ? folder : [folder.replace(/\/$/, ''), folder.replace(/\/?$/, '/')],
  );
  return [...new Set(['/', ...bothWays])];
}
