import { types } from 'node:util';
import { fixedExpiry, MAX_AGE_SECONDS, NO_EXPIRY, UNTIL_BROWSER_CLOSES, type Expiry, type Lifetimes } from './policy.ts';

/**
 * The expiry for an argument of `setExpiry`: seconds, a date, 0 (until the browser closes) or null (the settings
 * decide).
 * @throws RangeError
 */
export function expiryFrom(value: number | Date | null): Expiry {
  if (value === null) return NO_EXPIRY;
  if (types.isDate(value)) {
    if (Number.isNaN(value.getTime())) throw new RangeError('setExpiry: the date is invalid.');
    return fixedExpiry(value.getTime());
  }
  if (!Number.isInteger(value) || value < 0 || value > MAX_AGE_SECONDS)
    throw new RangeError(`setExpiry takes whole seconds from 0 to ${MAX_AGE_SECONDS}, a date, or null.`);
  // Turns -0 into 0.
  return { customAgeSeconds: value + 0, fixedExpiryMs: null };
}

/**
 * The expiry for a value of `req.session.cookie.maxAge`, as in express-session: milliseconds of inactivity; null,
 * undefined or false: until the browser closes. Rounded up to whole seconds, the unit of cookies and storage. 0 or less
 * ends the session.
 * @throws RangeError
 */
export function expiryFromMaxAge(value: unknown, nowMs: number): Expiry {
  if (isNone(value)) return UNTIL_BROWSER_CLOSES;
  if (types.isDate(value)) return expiryFromExpires(value);
  if (typeof value !== 'number' || !Number.isFinite(value))
    throw new RangeError(
      'cookie.maxAge takes milliseconds, or null for "until the browser closes". sessionOf(req).setExpiry() takes seconds.',
    );
  if (value <= 0) return fixedExpiry(nowMs);
  return { customAgeSeconds: Math.min(Math.ceil(value / 1000), MAX_AGE_SECONDS), fixedExpiryMs: null };
}

/**
 * The expiry for a value of `req.session.cookie.expires`: a date, or a date as text; null, undefined or false: until
 * the browser closes.
 * @throws RangeError
 */
export function expiryFromExpires(value: unknown): Expiry {
  if (isNone(value)) return UNTIL_BROWSER_CLOSES;
  const ms = types.isDate(value) ? value.getTime() : typeof value === 'string' ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(ms)) throw new RangeError('cookie.expires takes a valid date, or null for "until the browser closes".');
  return fixedExpiry(ms);
}

const isNone = (value: unknown): boolean => value === null || value === undefined || value === false;

/** The expiry of a sign-in with `remember`; undefined if the settings already say the same. */
export function rememberedAs(remember: boolean | undefined, { expireAtBrowserClose, ageMs }: Lifetimes): Expiry | undefined {
  if (remember === undefined || remember !== expireAtBrowserClose) return undefined;
  return remember ? { customAgeSeconds: Math.ceil(ageMs / 1000), fixedExpiryMs: null } : UNTIL_BROWSER_CLOSES;
}
