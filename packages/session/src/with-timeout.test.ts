import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { withTimeout } from './with-timeout.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const never = (): never => {
  throw new Error('too late');
};

test('a result or error in time is passed on, and no timer is left', async () => {
  expect(await withTimeout(Promise.resolve(1), { ms: 10, onTimeout: never })).toBe(1);
  await expect(withTimeout(Promise.reject(new Error('broken')), { ms: 10, onTimeout: never })).rejects.toThrow('broken');
  expect(vi.getTimerCount()).toBe(0);
});

test('after the time limit, the result is what onTimeout returns or throws', async () => {
  const given = withTimeout(new Promise(() => undefined), { ms: 10, onTimeout: () => 'instead' });
  const thrown = withTimeout(new Promise(() => undefined), { ms: 10, onTimeout: never });
  const both = Promise.allSettled([given, thrown]);
  vi.advanceTimersByTime(10);
  expect(await both).toMatchObject([{ value: 'instead' }, { reason: { message: 'too late' } }]);
});

test('a late error is not an unhandled rejection, and onTimeout is called once', async () => {
  const unhandled = vi.fn();
  process.on('unhandledRejection', unhandled);
  try {
    const { promise, reject } = Promise.withResolvers<never>();
    const onTimeout = vi.fn(() => 'instead');
    const outcome = withTimeout(promise, { ms: 10, onTimeout });
    vi.advanceTimersByTime(10);
    expect(await outcome).toBe('instead');
    reject(new Error('late'));
    await turn();
    expect(unhandled).not.toHaveBeenCalled();
    expect(onTimeout).toHaveBeenCalledTimes(1);
  } finally {
    process.off('unhandledRejection', unhandled);
  }
});
