import { createHash } from 'node:crypto';
import { parseCookie, stringifySetCookie } from 'cookie';
import signature from 'cookie-signature';

/** The cookie's attributes; HttpOnly it is always. What a browser would refuse, `checkCookieSettings` does too. */
export interface CookieSettings {
  /** Begin it with `__Host-` where it is secure, on path / and without a domain. */
  readonly name: string;
  /** true: only over HTTPS. 'auto': as the request came. Express knows by its `trust proxy`, elsewhere the socket tells. */
  readonly secure: boolean | 'auto';
  readonly sameSite: 'lax' | 'strict' | 'none';
  /** Whose subdomains get it, too. Default: this host alone. */
  readonly domain?: string | undefined;
  /** The path below which browsers send it. */
  readonly path: string;
}

/** What tells cookies of one name apart in a browser, besides the host that set them (RFC 6265, 5.3). */
export type Placement = Pick<CookieSettings, 'domain' | 'path'>;

/**
 * The secret with a mark at its end of where its cookie is set. Browsers send all cookies of one name and do not say where each was set:
 * by the mark the one of today's settings is known.
 *
 * @param besideForeign the browser has a cookie of this name from elsewhere, which is not ours to remove: this one counts beside it.
 */
export const markSecret = (secret: string, settings: Placement, besideForeign: boolean): string => secret + markOf(settings, besideForeign);

export const countsBesideForeign = (id: string, settings: Placement): boolean => id.endsWith(markOf(settings, true));

export const isCurrent = (id: string, settings: Placement): boolean =>
  id.endsWith(markOf(settings, false)) || countsBesideForeign(id, settings);

/** Six characters: a secret without a mark ends in this one by chance once in 69 thousand million. */
function markOf({ domain, path }: Placement, besideForeign: boolean): string {
  const place = JSON.stringify([domain?.toLowerCase() ?? null, path, besideForeign]);
  let mark = marks.get(place);
  if (mark === undefined) marks.set(place, (mark = createHash('sha256').update(place).digest('base64url').slice(0, 6)));
  return mark;
}

/** Two for each cookie that the process was configured with. */
const marks = new Map<string, string>();

const valueIn = (pair: string, name: string): string | undefined => parseCookie(pair)[name];

/** Our cookie's values in a request, signed or not. Another site under the same domain can add one ("tossing"). */
export function presentedCookies(header: string | undefined, name: string): string[] {
  if (!header?.includes(name)) return [];
  return header.split(';').flatMap((pair) => valueIn(pair, name) ?? []);
}

/** The request's cookies but those of our name. */
export const withoutCookie = (header: string, name: string): string =>
  header
    .split(';')
    .filter((pair) => valueIn(pair, name) === undefined)
    .join(';');

export interface CookieValue {
  /** `handle.secret`. */
  readonly id: string;
  /** When the browser may forget it; undefined: when it closes. */
  readonly maxAgeMs: number | undefined;
}

/** The Set-Cookie header that gives the browser the session, signed as express-session reads it (`s:id.mac`). */
export const sessionCookie = (settings: CookieSettings, { id, maxAgeMs }: CookieValue, secret: string, secure: boolean): string =>
  stringifySetCookie(
    {
      name: settings.name,
      value: `s:${signature.sign(id, secret)}`,
      // Max-Age alone: it needs no agreement between the clocks of server and browser. RFC 6265bis, 5.6.2.
      ...(maxAgeMs !== undefined && { maxAge: Math.max(0, Math.ceil(maxAgeMs / 1000)) }),
      ...attributes(settings, secure),
    },
    // To the letter what express-session writes.
    { encode: encodeURIComponent },
  );

/** The Set-Cookie header that takes it away: same name, path and domain, or the browser keeps it. */
export const expiredCookie = (settings: CookieSettings, secure: boolean): string =>
  stringifySetCookie({ name: settings.name, value: '', maxAge: 0, expires: new Date(0), ...attributes(settings, secure) });

const attributes = ({ path, domain, sameSite }: CookieSettings, secure: boolean) => ({
  path,
  ...(domain !== undefined && { domain }),
  sameSite,
  secure,
  httpOnly: true,
});

/** The response's Set-Cookie headers with ours as they should be, first; those of other names stay. */
export function replaceCookie(
  existing: number | string | readonly string[] | undefined,
  name: string,
  ours: string | readonly string[] | undefined,
): string[] {
  const others = (existing === undefined ? [] : [existing].flat().map(String)).filter((header) => !header.startsWith(`${name}=`));
  return ours === undefined ? others : [...[ours].flat(), ...others];
}
