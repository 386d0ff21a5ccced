import { expect, test } from 'vitest';
import { serverTime } from './server-clock.ts';

const serverNow = new Date('2026-03-01T12:00:00Z');

test('time passes at the server as it does here', () => {
  expect(serverTime({ serverNow, receivedAtMs: 5_000 }, 65_000)).toEqual(new Date('2026-03-01T12:01:00Z'));
});

test('a computer whose clock is an hour off counts down to the same moment', () => {
  const right = Date.parse('2026-03-01T12:00:00Z');
  const wrong = right - 3_600_000;
  expect(serverTime({ serverNow, receivedAtMs: wrong }, wrong + 30_000)).toEqual(
    serverTime({ serverNow, receivedAtMs: right }, right + 30_000),
  );
});

test('a clock that is set back does not run the countdown backwards', () => {
  expect(serverTime({ serverNow, receivedAtMs: 60_000 }, 0)).toEqual(serverNow);
});
