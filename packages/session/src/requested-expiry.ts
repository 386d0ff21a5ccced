import { NO_EXPIRY, type Expiry, type Lifetimes } from './policy.ts';

/**
 * What `setExpiry` was given, as the clocks know it: seconds, a date, 0 = until the browser closes, null = as the settings say.
 * @throws RangeError
 */
export function expiryFrom(value: number | Date | null): Expiry {
  if (value === null) return NO_EXPIRY;
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) throw new RangeError('setExpiry takes a valid date.');
    return { customAgeSeconds: null, fixedExpiryMs: value.getTime() };
  }
  if (!Number.isInteger(value) || value < 0 || value > 2_147_483_647)
    throw new RangeError('setExpiry takes whole seconds from 0 to 2147483647, a date, or null.');
  return { customAgeSeconds: value, fixedExpiryMs: null };
}

/** The expiry of a sign-in that says whether its cookie outlives the browser; undefined: the settings say the same. */
export function rememberedAs(remember: boolean | undefined, { expireAtBrowserClose, ageMs }: Lifetimes): Expiry | undefined {
  if (remember === undefined || remember !== expireAtBrowserClose) return undefined;
  return { customAgeSeconds: remember ? Math.ceil(ageMs / 1000) : 0, fixedExpiryMs: null };
}
