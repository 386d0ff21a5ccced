import { expect, test } from 'vitest';
import { estimateServerTime } from './use-server-now.ts';

const serverNow = new Date('2026-03-01T12:00:00Z');

test('the time since the response is added to the server time', () => {
  expect(estimateServerTime({ serverNow, receivedAtMs: 5_000 }, 65_000)).toEqual(new Date('2026-03-01T12:01:00Z'));
});

test('a client clock that is an hour off gives the same result', () => {
  const right = Date.parse('2026-03-01T12:00:00Z');
  const wrong = right - 3_600_000;
  expect(estimateServerTime({ serverNow, receivedAtMs: wrong }, wrong + 30_000)).toEqual(
    estimateServerTime({ serverNow, receivedAtMs: right }, right + 30_000),
  );
});

test('a client clock that is set back does not move the server time back', () => {
  expect(estimateServerTime({ serverNow, receivedAtMs: 60_000 }, 0)).toEqual(serverNow);
});
