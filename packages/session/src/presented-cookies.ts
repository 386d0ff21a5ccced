import signature from 'cookie-signature';
import { hashSecret, parseToken, type SessionToken } from './session-id.ts';
import { countsBesideForeign, isBearerId, isCurrent, presentedCookies, type CookieSettings } from './session-cookie.ts';
import { putNewest } from './put-newest.ts';

/** The cookies of our name in a request. */
export interface PresentedCookies {
  /** Token of the valid cookie; undefined if there is none, or if it is not a session token. */
  readonly token: SessionToken | undefined;
  /** The hash of the token's secret. */
  readonly secretHash: string | undefined;
  /** At least one cookie is signed with one of our secrets. */
  readonly isIssued: boolean;
  /** We issued at least one of the cookies, but it is unclear which one to use. */
  readonly isAmbiguous: boolean;
  /** A cookie was set, or may have been, under other settings of domain and path: see `older-cookies.ts`. */
  readonly hasOlder: boolean;
  /** A cookie was not issued by us. We never remove it, nor any cookie that could be it. */
  readonly hasForeign: boolean;
}

/** Cookies whose signatures are verified on first use, once. */
export interface Presented {
  readonly count: number;
  read(): PresentedCookies;
}

/** Cookie headers whose result is kept. With 4 MB in all, a process can remember the busiest thousand browsers. */
const MAX_KNOWN = 1000;
/** Longer headers are verified each time. */
const MAX_KNOWN_LENGTH = 2048;

/**
 * Reads the cookies of requests. A browser sends the same header with every request, so that the results of headers with a valid cookie are
 * kept: verifying and hashing is 5 to 8 % of an `auth.me`. What a header means depends on the settings only; whether its session has ended
 * is up to storage. Headers without a valid cookie are not kept.
 */
export function createCookieReader(cookie: CookieSettings, secrets: readonly string[]): (header: string | undefined) => Presented {
  /** In the order of their last use. */
  const known = new Map<string, Presented>();

  const remember = (header: string, presented: Presented): void => putNewest(known, header, presented, MAX_KNOWN);

  return (header) => {
    const isShort = header !== undefined && header.length <= MAX_KNOWN_LENGTH;
    const recalled = isShort ? known.get(header) : undefined;
    if (isShort && recalled) {
      remember(header, recalled);
      return recalled;
    }
    const values = presentedCookies(header, cookie.name);
    let cookies: PresentedCookies | undefined;
    const presented: Presented = {
      count: values.length,
      read() {
        if (cookies) return cookies;
        cookies = readPresented(values, cookie, secrets);
        if (isShort && cookies.token) remember(header, presented);
        return cookies;
      },
    };
    return presented;
  };
}

/**
 * Two cookies of our name are ambiguous, because a sibling host can add its own ("tossing", RFC 6265bis, 8.6). There
 * are two exceptions, for cases that signing in could not fix:
 * - Of several cookies that we issued, the one with the current domain and path is valid.
 * - Beside a foreign cookie, which we may not remove, the cookie that was issued in its presence is valid. If there is
 *   also one of the current placement that was not, none is: a browser keeps one cookie per placement, so one of the
 *   two was tossed.
 */
function readPresented(values: readonly string[], cookie: CookieSettings, secrets: readonly string[]): PresentedCookies {
  const ours = values.flatMap((value) => {
    const id = issuedId(value, secrets);
    return id === undefined || isBearerId(id) ? [] : { value, id };
  });
  const hasForeign = ours.length < values.length;
  const current = ours.filter(({ id }) => isCurrent(id, cookie));
  const beside = current.filter(({ id }) => countsBesideForeign(id, cookie));
  const counting = hasForeign ? (beside.length === current.length ? beside : []) : current.length > 0 ? current : ours;
  const [chosen, ...others] = new Set(counting.map(({ id }) => id));
  const isClear = chosen !== undefined && others.length === 0;
  const token = isClear ? parseToken(chosen) : undefined;
  return {
    token,
    secretHash: token && hashSecret(token.secret),
    isIssued: ours.length > 0,
    isAmbiguous: ours.length > 0 && !isClear,
    hasOlder: ours.length > 1 || (ours.length === 1 && current.length === 0),
    hasForeign,
  };
}

/**
 * Whether to remove cookies of ours that were set under earlier settings: together with a cookie that replaces them, or at once if the browser
 * sends several. Cookies that are not ours may have the same placement, so they forbid removing any.
 */
export function isCleanUpDue(presented: Presented, { isReplaced = false } = {}): boolean {
  if (presented.count < (isReplaced ? 1 : 2)) return false;
  const { hasOlder, hasForeign } = presented.read();
  return hasOlder && !hasForeign;
}

/** The id in a cookie's value `s:id.mac`, if it is signed with one of the secrets. */
export function issuedId(value: string, secrets: readonly string[]): string | undefined {
  return value.startsWith('s:') ? issuedSignature(value.slice(2), secrets) : undefined;
}

/** The id in `id.mac`, if it is signed with one of the secrets. */
export function issuedSignature(signed: string, secrets: readonly string[]): string | undefined {
  for (const secret of secrets) {
    const id = signature.unsign(signed, secret);
    if (id !== false) return id;
  }
  return undefined;
}
