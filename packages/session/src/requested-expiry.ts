import { types } from 'node:util';
import { fixedExpiry, MAX_AGE_SECONDS, NO_EXPIRY, UNTIL_BROWSER_CLOSES, type Expiry, type Lifetimes } from './policy.ts';

/**
 * What `setExpiry` was given, as the clocks know it: seconds, a date, 0 = until the browser closes, null = as the settings say.
 * @throws RangeError
 */
export function expiryFrom(value: number | Date | null): Expiry {
  if (value === null) return NO_EXPIRY;
  if (types.isDate(value)) {
    if (Number.isNaN(value.getTime())) throw new RangeError('setExpiry takes a valid date.');
    return fixedExpiry(value.getTime());
  }
  if (!Number.isInteger(value) || value < 0 || value > MAX_AGE_SECONDS)
    throw new RangeError(`setExpiry takes whole seconds from 0 to ${MAX_AGE_SECONDS}, a date, or null.`);
  // Of the two zeros the plain one.
  return { customAgeSeconds: value + 0, fixedExpiryMs: null };
}

/**
 * What `req.session.cookie.maxAge` was given, as express-session has it: milliseconds of inactivity; null, undefined or false = until
 * the browser closes. Rounded up to whole seconds, which is what a cookie and the storage count in. 0 and less: over at once.
 * @throws RangeError
 */
export function expiryFromMaxAge(value: unknown, nowMs: number): Expiry {
  if (isNone(value)) return UNTIL_BROWSER_CLOSES;
  if (types.isDate(value)) return expiryFromExpires(value);
  if (typeof value !== 'number' || !Number.isFinite(value))
    throw new RangeError('cookie.maxAge takes milliseconds, or null: until the browser closes. sessionOf(req).setExpiry() takes seconds.');
  if (value <= 0) return fixedExpiry(nowMs);
  return { customAgeSeconds: Math.min(Math.ceil(value / 1000), MAX_AGE_SECONDS), fixedExpiryMs: null };
}

/**
 * What `req.session.cookie.expires` was given: a date, or the text of one, at which the session ends; null, undefined or false = until
 * the browser closes.
 * @throws RangeError
 */
export function expiryFromExpires(value: unknown): Expiry {
  if (isNone(value)) return UNTIL_BROWSER_CLOSES;
  const ms = types.isDate(value) ? value.getTime() : typeof value === 'string' ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(ms)) throw new RangeError('cookie.expires takes a valid date, or null: until the browser closes.');
  return fixedExpiry(ms);
}

const isNone = (value: unknown): boolean => value === null || value === undefined || value === false;

/** The expiry of a sign-in that says whether its cookie outlives the browser; undefined: the settings say the same. */
export function rememberedAs(remember: boolean | undefined, { expireAtBrowserClose, ageMs }: Lifetimes): Expiry | undefined {
  if (remember === undefined || remember !== expireAtBrowserClose) return undefined;
  return remember ? { customAgeSeconds: Math.ceil(ageMs / 1000), fixedExpiryMs: null } : UNTIL_BROWSER_CLOSES;
}
