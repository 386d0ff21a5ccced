import { expect, test, vi } from 'vitest';
import { nodeify } from './node-callback.ts';

test('without a callback, returns the promise', async () => {
  expect(await nodeify(Promise.resolve(1), undefined)).toBe(1);
  await expect(nodeify(Promise.reject(new Error('no')), undefined)).rejects.toThrow('no');
});

test('a callback gets null and the result, or the error, and the promise never rejects', async () => {
  const callback = vi.fn();
  expect(await nodeify(Promise.resolve(1), callback)).toBe(1);
  await vi.waitFor(() => expect(callback).toHaveBeenLastCalledWith(null, 1), { timeout: 20_000 });
  const error = new Error('no');
  expect(await nodeify(Promise.reject(error), callback)).toBeUndefined();
  await vi.waitFor(() => expect(callback).toHaveBeenLastCalledWith(error), { timeout: 20_000 });
  expect(callback).toHaveBeenCalledTimes(2);
});
