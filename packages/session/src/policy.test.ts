import { describe, expect, test } from 'vitest';
import { LIFETIMES } from './conformance/engine-fixture.ts';
import {
  absoluteExpiryMs,
  assertLifetimes,
  expiryMs,
  withExpiry,
  untilBrowserCloses,
  isLive,
  slide,
  afterWrite,
  type SessionTimestamps,
} from './policy.ts';

const T0 = Date.UTC(2030, 0, 1);
const DAY = 86_400_000;
const OFF = { ...LIFETIMES, sliding: false };
const NO_INTERVAL = { ...LIFETIMES, activityIntervalMs: 0 };

const clocks = (over: Partial<SessionTimestamps> = {}, lifetimes = LIFETIMES): SessionTimestamps =>
  withExpiry({ createdAtMs: T0, renewedAtMs: T0, lastActivityAtMs: T0, customAgeSeconds: null, fixedExpiryMs: null, ...over }, lifetimes);

describe('semantics 14: age and sliding', () => {
  test('the default age is fourteen days', () => {
    expect(clocks().expiresAtMs).toBe(T0 + 14 * DAY);
  });

  test('with sliding on, a request sets the expiry to now plus the age', () => {
    expect(slide(clocks(), LIFETIMES, T0 + DAY)?.expiresAtMs).toBe(T0 + 15 * DAY);
  });

  test('with sliding off, a request keeps the expiry, and a data write renews it', () => {
    expect(slide(clocks(), OFF, T0 + DAY)).toMatchObject({ expiresAtMs: T0 + 14 * DAY, lastActivityAtMs: T0 + DAY });
    expect(afterWrite(clocks(), OFF, T0 + DAY).expiresAtMs).toBe(T0 + 15 * DAY);
  });
});

describe('semantics 15: the absolute age', () => {
  test('sliding does not exceed it', () => {
    const late = { ...clocks(), renewedAtMs: T0 + 80 * DAY, lastActivityAtMs: T0 + 80 * DAY };
    expect(slide(late, LIFETIMES, T0 + 80 * DAY + 60_000)?.expiresAtMs).toBe(T0 + 90 * DAY);
    expect(afterWrite(late, LIFETIMES, T0 + 89 * DAY).expiresAtMs).toBe(absoluteExpiryMs(late, LIFETIMES));
  });

  test.each([{ customAgeSeconds: 400 * 86_400 }, { fixedExpiryMs: T0 + 400 * DAY }])('setExpiry does not exceed it: %o', (over) => {
    expect(clocks(over).expiresAtMs).toBe(T0 + 90 * DAY);
  });
});

describe('semantics 16: the activity interval', () => {
  test.each([
    [59_999, false],
    [60_000, true],
    [60_001, true],
  ])('%i ms after the last activity, a write is due: %s', (afterMs, isDue) => {
    expect(slide(clocks(), LIFETIMES, T0 + afterMs) !== undefined).toBe(isDue);
  });

  test('with 0, every request writes, even two in one millisecond', () => {
    expect(slide(clocks({}, NO_INTERVAL), NO_INTERVAL, T0)).toBeDefined();
  });
});

describe('semantics 17: setExpiry', () => {
  test('seconds replace the idle age and slide', () => {
    const custom = clocks({ customAgeSeconds: 300 });
    expect(custom.expiresAtMs).toBe(T0 + 300_000);
    expect(slide(custom, LIFETIMES, T0 + 100_000)?.expiresAtMs).toBe(T0 + 400_000);
    expect(untilBrowserCloses(custom, LIFETIMES)).toBe(false);
  });

  test('a date does not slide', () => {
    const fixed = clocks({ fixedExpiryMs: T0 + 300_000 });
    expect(fixed.expiresAtMs).toBe(T0 + 300_000);
    expect(slide(fixed, LIFETIMES, T0 + 100_000)?.expiresAtMs).toBe(T0 + 300_000);
    expect(afterWrite(fixed, LIFETIMES, T0 + 100_000).expiresAtMs).toBe(T0 + 300_000);
    expect(untilBrowserCloses(fixed, { ...LIFETIMES, expireAtBrowserClose: true })).toBe(false);
  });

  test('0 means until the browser closes, and the session ends on the server after the ordinary age', () => {
    const closing = clocks({ customAgeSeconds: 0 });
    expect(closing.expiresAtMs).toBe(T0 + LIFETIMES.ageMs);
    expect(untilBrowserCloses(closing, LIFETIMES)).toBe(true);
  });

  test('null follows the settings', () => {
    expect(untilBrowserCloses(clocks(), LIFETIMES)).toBe(false);
    expect(untilBrowserCloses(clocks(), { ...LIFETIMES, expireAtBrowserClose: true })).toBe(true);
  });

  test('a date in the past ends the session at once', () => {
    expect(isLive(clocks({ fixedExpiryMs: T0 - 1 }), LIFETIMES, T0)).toBe(false);
  });
});

test('semantics 18: a session until the browser closes also ends on the server', () => {
  const closing = { ...LIFETIMES, expireAtBrowserClose: true };
  expect(isLive(clocks({}, closing), closing, T0 + LIFETIMES.ageMs - 1)).toBe(true);
  expect(isLive(clocks({}, closing), closing, T0 + LIFETIMES.ageMs)).toBe(false);
});

describe.each([
  ['idle age', clocks(), T0 + 14 * DAY],
  ['absolute age', clocks({ renewedAtMs: T0 + 85 * DAY }), T0 + 90 * DAY],
  ['custom age', clocks({ customAgeSeconds: 7 }), T0 + 7000],
  ['fixed expiry', clocks({ fixedExpiryMs: T0 + 5 }), T0 + 5],
] as const)('semantics 19: the boundary instant of the %s', (_name, of, endMs) => {
  test.each([
    [-1, true],
    [0, false],
    [1, false],
  ] as const)('%i ms after it: live is %s', (offsetMs, expected) => {
    expect(isLive(of, LIFETIMES, endMs + offsetMs)).toBe(expected);
  });
});

describe('semantics 20: changed settings', () => {
  test('a shorter age applies to open sessions', () => {
    const shorter = { ...LIFETIMES, ageMs: DAY };
    expect(isLive(clocks(), shorter, T0 + DAY - 1)).toBe(true);
    expect(isLive(clocks(), shorter, T0 + DAY)).toBe(false);
  });

  test('a longer age applies from the next request, which writes even within the interval', () => {
    const longer = { ...LIFETIMES, ageMs: 30 * DAY };
    expect(slide(clocks(), longer, T0 + 1)).toMatchObject({ expiresAtMs: T0 + 30 * DAY, lastActivityAtMs: T0 });
    expect(slide({ ...clocks(), expiresAtMs: T0 + 30 * DAY }, longer, T0 + 1)).toBeUndefined();
  });

  test('a shorter absolute age counts from the creation of the session', () => {
    expect(isLive(clocks(), { ...LIFETIMES, absoluteAgeMs: DAY }, T0 + DAY)).toBe(false);
  });

  test('a longer age does not revive expired sessions', () => {
    expect(isLive(clocks(), { ...LIFETIMES, ageMs: 60 * DAY }, T0 + 14 * DAY)).toBe(false);
  });

  test('an expiry set with setExpiry stays', () => {
    expect(expiryMs(clocks({ customAgeSeconds: 60 }), { ...LIFETIMES, ageMs: DAY })).toBe(T0 + 60_000);
  });
});

describe('semantics 21: the server’s clock decides', () => {
  test('set back by less than the interval, as between two servers, causes no write', () => {
    expect(slide(clocks(), LIFETIMES, T0 - 59_999)).toBeUndefined();
  });

  test('set back by more, the next request counts from the new time', () => {
    expect(slide(clocks(), LIFETIMES, T0 - DAY)).toMatchObject({ lastActivityAtMs: T0 - DAY, expiresAtMs: T0 + 13 * DAY });
  });

  test('set back, it keeps no session beyond its written expiry', () => {
    expect(isLive(clocks(), LIFETIMES, T0 - DAY)).toBe(true);
    expect(slide(clocks(), LIFETIMES, T0 - DAY)?.expiresAtMs).toBeLessThan(clocks().expiresAtMs);
  });
});

describe('semantics 17: lifetimes that no storage can hold are refused at the start', () => {
  test.each([
    ['ageMs', 0],
    ['ageMs', Number.NaN],
    ['ageMs', 1e18],
    ['absoluteAgeMs', Number.POSITIVE_INFINITY],
    ['absoluteAgeMs', -1],
    ['activityIntervalMs', -1],
    ['activityIntervalMs', Number.POSITIVE_INFINITY],
  ] as const)('%s %d', (name, ms) => {
    expect(() => assertLifetimes({ ...LIFETIMES, [name]: ms })).toThrow(RangeError);
    expect(() => assertLifetimes({ ...LIFETIMES, [name]: ms })).toThrow(new RegExp(`lifetimes.${name} .* 2147483647000 `));
  });

  test('the longest and the shortest lifetimes are accepted', () => {
    assertLifetimes({ ...LIFETIMES, ageMs: 1, absoluteAgeMs: 2_147_483_647_000, activityIntervalMs: 0 });
  });
});
