import { expect, test, vi } from 'vitest';
import { figure } from './figure.ts';

/** A figure that counts its readings; each takes `tookMs` of a clock that only the test moves. */
function reading({ tookMs = 0, isCached = true, timeoutMs = 10_000 } = {}) {
  let [nowMs, value] = [0, 0];
  const read = vi.fn(async () => {
    nowMs += tookMs;
    value += 1;
    return value;
  });
  return { get: figure({ read, isCached, timeoutMs, nowMs: () => nowMs }), read, pass: (ms: number) => (nowMs += ms) };
}

test('a slow figure is read once for calls at the same time, and again in the background, until it is a minute old', async () => {
  const { get, read, pass } = reading({ tookMs: 400 });
  expect(await Promise.all([get(), get(), get()])).toEqual([1, 1, 1]);
  pass(20_000);
  expect(await get()).toBe(1);
  expect(read).toHaveBeenCalledTimes(1);
  pass(1000);
  expect(await get()).toBe(1);
  expect(read).toHaveBeenCalledTimes(2);
  expect(await get()).toBe(2);
  pass(60_001);
  expect(await get()).toBe(3);
});

test('a quick figure is current, and one that is not cached is always read', async () => {
  const quick = reading({ tookMs: 2 });
  await quick.get();
  quick.pass(101);
  expect(await quick.get()).toBe(2);
  const uncached = reading({ tookMs: 1000, isCached: false });
  await uncached.get();
  expect(await uncached.get()).toBe(2);
});

test('a figure that is late is null, and the reading continues for the next call', async () => {
  let finish = (_value: number): void => undefined;
  const read = vi.fn(() => new Promise<number>((resolve) => (finish = resolve)));
  const get = figure({ read, timeoutMs: 1 });
  expect(await get()).toBeNull();
  const next = get();
  finish(7);
  expect([await next, read.mock.calls.length]).toEqual([7, 1]);
});

test('a failure is thrown, and the next call reads again', async () => {
  const read = vi.fn().mockRejectedValueOnce(new Error('no')).mockResolvedValueOnce(1);
  const get = figure({ read, isCached: true, timeoutMs: 10_000 });
  await expect(get()).rejects.toThrow('no');
  expect(await get()).toBe(1);
});

test('a slow reading that failed is not repeated at once', async () => {
  let nowMs = 0;
  const read = vi.fn(async () => {
    nowMs += 20_000;
    if (read.mock.calls.length === 1) throw new Error('too slow');
    return 1;
  });
  const get = figure({ read, isCached: true, timeoutMs: 10_000, nowMs: () => nowMs });
  await expect(get()).rejects.toThrow('too slow');
  nowMs += 59_999;
  expect([await get(), read.mock.calls.length]).toEqual([null, 1]);
  nowMs += 1;
  expect([await get(), read.mock.calls.length]).toEqual([1, 2]);
});
