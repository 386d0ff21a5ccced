import { expect, test } from 'vitest';
import { LIFETIMES } from './conformance/engine-fixture.ts';
import { expiryFrom, expiryFromExpires, expiryFromMaxAge, rememberedAs } from './requested-expiry.ts';

test('semantics 17: arguments of setExpiry', () => {
  expect(expiryFrom(300)).toEqual({ customAgeSeconds: 300, fixedExpiryMs: null });
  expect(expiryFrom(0)).toEqual({ customAgeSeconds: 0, fixedExpiryMs: null });
  expect(expiryFrom(new Date(5))).toEqual({ customAgeSeconds: null, fixedExpiryMs: 5 });
  expect(expiryFrom(null)).toEqual({ customAgeSeconds: null, fixedExpiryMs: null });
});

test('semantics 17: negative zero becomes zero, and dates have whole milliseconds', () => {
  expect(Object.is(expiryFrom(-0).customAgeSeconds, 0)).toBe(true);
  expect(expiryFromMaxAge(1500.5, 0).customAgeSeconds).toBe(2);
  expect(expiryFromMaxAge(-0.5, 7.5).fixedExpiryMs).toBe(7);
});

test.each([
  ['9999-12-31T23:59:59.999Z', 253_402_300_799_999],
  ['+010000-01-01T00:00:00.000Z', 253_402_300_799_999],
  ['+275760-09-13T00:00:00.000Z', 253_402_300_799_999],
  ['1970-01-01T00:00:00.000Z', 0],
  ['1969-12-31T23:59:59.999Z', 0],
  ['-271821-04-20T00:00:00.000Z', 0],
])('semantics 17: %s becomes the nearest instant that every storage supports', (date, ms) => {
  expect(expiryFrom(new Date(date))).toEqual({ customAgeSeconds: null, fixedExpiryMs: ms });
  expect(expiryFromExpires(date)).toEqual({ customAgeSeconds: null, fixedExpiryMs: ms });
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
] as const)('semantics 18: remember %s with expireAtBrowserClose: %s', (remember, expireAtBrowserClose, customAgeSeconds) => {
  const expected = customAgeSeconds === undefined ? undefined : { customAgeSeconds, fixedExpiryMs: null };
  expect(rememberedAs(remember, { ...LIFETIMES, expireAtBrowserClose })).toEqual(expected);
});
