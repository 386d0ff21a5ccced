import { parseCookie, stringifySetCookie } from 'cookie';
import signature from 'cookie-signature';

/** The cookie's attributes; HttpOnly it is always. What a browser would refuse is not looked at here: the settings do that. */
export interface CookieSettings {
  /** Begin it with `__Host-` where it is secure, on path / and without a domain. */
  readonly name: string;
  /** true: only over HTTPS. 'auto': as the request came, by Express's `req.secure`. */
  readonly secure: boolean | 'auto';
  readonly sameSite: 'lax' | 'strict' | 'none';
  /** Whose subdomains get it, too. Default: this host alone. */
  readonly domain?: string | undefined;
  /** The path below which browsers send it. */
  readonly path: string;
}

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

/** The response's Set-Cookie headers with ours as it should be, first; those of other names stay. */
export function replaceCookie(existing: number | string | string[] | undefined, name: string, cookie: string | undefined): string[] {
  const others = (existing === undefined ? [] : Array.isArray(existing) ? existing : [String(existing)]).filter(
    (header) => !header.startsWith(`${name}=`),
  );
  return cookie === undefined ? others : [cookie, ...others];
}
