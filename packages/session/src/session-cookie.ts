import { createHash } from 'node:crypto';
import { parseCookie, stringifySetCookie } from 'cookie';
import signature from 'cookie-signature';

/** Attributes of the session cookie, which is always HttpOnly. `checkCookieSettings` refuses what browsers would. */
export interface CookieSettings {
  /** Use the prefix `__Host-` if the cookie is secure, has path / and no domain. */
  readonly name: string;
  /** true: HTTPS only. 'auto': as the request came, which Express knows by `trust proxy` and other servers by the socket. */
  readonly secure: boolean | 'auto';
  readonly sameSite: 'lax' | 'strict' | 'none';
  /** Domain whose subdomains also get the cookie. Default: this host alone. */
  readonly domain?: string | undefined;
  /** Path below which browsers send the cookie. */
  readonly path: string;
}

/** What distinguishes cookies of one name in a browser, besides the host that set them (RFC 6265, 5.3). */
export type Placement = Pick<CookieSettings, 'domain' | 'path'>;

/**
 * Appends a mark of the cookie's placement to the secret. Browsers send all cookies of a name without their placement;
 * the mark identifies the one with the current settings.
 *
 * @param besideForeign the browser has a foreign cookie of this name, which we may not remove; this cookie is valid
 * beside it.
 */
export const markSecret = (secret: string, settings: Placement, besideForeign: boolean): string => secret + markOf(settings, besideForeign);

export const countsBesideForeign = (id: string, settings: Placement): boolean => id.endsWith(markOf(settings, true));

export const isCurrent = (id: string, settings: Placement): boolean =>
  id.endsWith(markOf(settings, false)) || countsBesideForeign(id, settings);

/** The same for a secret that is sent in the Authorization header: a cookie's value is no bearer token, and the reverse. */
export const markBearer = (secret: string): string => secret + BEARER_MARK;

export const isBearerId = (id: string): boolean => id.endsWith(BEARER_MARK);

const BEARER_MARK = createHash('sha256').update('bearer').digest('base64url').slice(0, 6);

/** Six characters: an unmarked secret ends in this mark by chance with a probability of 1 in 69 billion. */
function markOf({ domain, path }: Placement, besideForeign: boolean): string {
  const place = `${besideForeign}\n${domain ?? ''}\n${path}`;
  let mark = marks.get(place);
  if (mark === undefined) {
    const text = JSON.stringify([domain?.toLowerCase() ?? null, path, besideForeign]);
    mark = createHash('sha256').update(text).digest('base64url').slice(0, 6);
    marks.set(place, mark);
  }
  return mark;
}

/** Two for each configured cookie of the process. */
const marks = new Map<string, string>();

const valueIn = (pair: string, name: string): string | undefined => parseCookie(pair)[name];

/** Values of our cookie in a request, signed or not. Another site of the same domain can add one ("tossing"). */
export function presentedCookies(header: string | undefined, name: string): string[] {
  if (!header?.includes(name)) return [];
  return header.split(';').flatMap((pair) => (pair.includes(name) ? (valueIn(pair, name) ?? []) : []));
}

/** The request's cookies without those of our name. */
export const withoutCookie = (header: string, name: string): string =>
  header
    .split(';')
    .filter((pair) => valueIn(pair, name) === undefined)
    .join(';');

export interface CookieValue {
  /** `handle.secret`. */
  readonly id: string;
  /** Lifetime in the browser; undefined: until it closes. */
  readonly maxAgeMs: number | undefined;
}

/** Set-Cookie header with the session, signed in express-session's format (`s:id.mac`). */
export const sessionCookie = (settings: CookieSettings, { id, maxAgeMs }: CookieValue, secret: string, secure: boolean): string =>
  stringifySetCookie(
    {
      name: settings.name,
      value: `s:${signature.sign(id, secret)}`,
      // Max-Age only, because Expires depends on the clocks of server and browser. RFC 6265bis, 5.6.2.
      ...(maxAgeMs !== undefined && { maxAge: Math.max(0, Math.ceil(maxAgeMs / 1000)) }),
      ...attributes(settings, secure),
    },
    // Exactly what express-session writes.
    { encode: encodeURIComponent },
  );

/** Set-Cookie header that removes the cookie. Name, path and domain must match, or the browser keeps it. */
export const expiredCookie = (settings: CookieSettings, secure: boolean): string =>
  stringifySetCookie({ name: settings.name, value: '', maxAge: 0, expires: new Date(0), ...attributes(settings, secure) });

const attributes = ({ path, domain, sameSite }: CookieSettings, secure: boolean) => ({
  path,
  ...(domain !== undefined && { domain }),
  sameSite,
  secure,
  httpOnly: true,
});

/** The response's Set-Cookie headers with ours first. Headers of other names stay. */
export function replaceCookie(
  existing: number | string | readonly string[] | undefined,
  name: string,
  ours: string | readonly string[] | undefined,
): string[] {
  const others = (existing === undefined ? [] : [existing].flat().map(String)).filter((header) => !header.startsWith(`${name}=`));
  return ours === undefined ? others : [...[ours].flat(), ...others];
}
