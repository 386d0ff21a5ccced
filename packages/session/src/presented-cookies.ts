import signature from 'cookie-signature';
import { parseToken, type SessionToken } from './session-id.ts';
import { countsBesideForeign, isCurrent, presentedCookies, type CookieSettings } from './session-cookie.ts';

/** What a request's cookies of our name are worth. */
export interface PresentedCookies {
  /** What the cookie that counts says; undefined: none does, or it is no session's. */
  readonly token: SessionToken | undefined;
  /** At least one was issued by us: its signature verifies with one of our secrets. */
  readonly isIssued: boolean;
  /** Some that we issued, and no telling which of all the person means. */
  readonly isAmbiguous: boolean;
  /** There is one that was set under other settings of domain and path, or may have been: see `older-cookies.ts`. */
  readonly hasOlder: boolean;
  /** One of them is not ours. It is never removed, nor is anything that could be it. */
  readonly hasForeign: boolean;
}

/** Verified when first asked for, and once. */
export interface Presented {
  readonly count: number;
  read(): PresentedCookies;
}

export function presentedIn(header: string | undefined, cookie: CookieSettings, secrets: readonly string[]): Presented {
  const values = presentedCookies(header, cookie.name);
  let known: PresentedCookies | undefined;
  return { count: values.length, read: () => (known ??= readPresented(values, cookie, secrets)) };
}

/**
 * Two cookies of our name count for nobody, since a sibling host can add its own ("tossing", RFC 6265bis, 8.6), but for two cases
 * that people would not get out of by signing in:
 * - Of several that we issued, the one of today's domain and path counts.
 * - Beside one that we did not issue, and may not remove, counts the one that was given out in its presence. Not if there is one of today's
 *   place that was not: in a browser the two have one place, so one of them was tossed.
 */
function readPresented(values: readonly string[], cookie: CookieSettings, secrets: readonly string[]): PresentedCookies {
  const ours = values.flatMap((value) => {
    const id = issuedId(value, secrets);
    return id === undefined ? [] : { value, id };
  });
  const hasForeign = ours.length < values.length;
  const current = ours.filter(({ id }) => isCurrent(id, cookie));
  const beside = current.filter(({ id }) => countsBesideForeign(id, cookie));
  const counting = hasForeign ? (beside.length === current.length ? beside : []) : current.length > 0 ? current : ours;
  const [chosen, ...others] = new Set(counting.map(({ id }) => id));
  const isClear = chosen !== undefined && others.length === 0;
  return {
    token: isClear ? parseToken(chosen) : undefined,
    isIssued: ours.length > 0,
    isAmbiguous: ours.length > 0 && !isClear,
    hasOlder: ours.length > 1 || (ours.length === 1 && current.length === 0),
    hasForeign,
  };
}

/** The id in a cookie's value, `s:id.mac`, if one of the secrets has signed it. */
export function issuedId(value: string, secrets: readonly string[]): string | undefined {
  if (!value.startsWith('s:')) return undefined;
  for (const secret of secrets) {
    const id = signature.unsign(value.slice(2), secret);
    if (id !== false) return id;
  }
  return undefined;
}
