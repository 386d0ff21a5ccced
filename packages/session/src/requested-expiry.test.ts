import { expect, test } from 'vitest';
import { LIFETIMES } from './conformance/engine-fixture.ts';
import { expiryFrom, rememberedAs } from './requested-expiry.ts';

test('semantics 17: what setExpiry takes', () => {
  expect(expiryFrom(300)).toEqual({ customAgeSeconds: 300, fixedExpiryMs: null });
  expect(expiryFrom(0)).toEqual({ customAgeSeconds: 0, fixedExpiryMs: null });
  expect(expiryFrom(new Date(5))).toEqual({ customAgeSeconds: null, fixedExpiryMs: 5 });
  expect(expiryFrom(null)).toEqual({ customAgeSeconds: null, fixedExpiryMs: null });
});

test.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31, new Date(Number.NaN), '60' as never, undefined as never])(
  'semantics 17: %s is refused',
  (value) => {
    expect(() => expiryFrom(value)).toThrow(RangeError);
  },
);

test.each([
  [undefined, true, undefined],
  [undefined, false, undefined],
  [true, false, undefined],
  [false, true, undefined],
  [true, true, LIFETIMES.ageMs / 1000],
  [false, false, 0],
] as const)(
  'semantics 18: remember %s where the settings close with the browser: %s',
  (remember, expireAtBrowserClose, customAgeSeconds) => {
    const expected = customAgeSeconds === undefined ? undefined : { customAgeSeconds, fixedExpiryMs: null };
    expect(rememberedAs(remember, { ...LIFETIMES, expireAtBrowserClose })).toEqual(expected);
  },
);
