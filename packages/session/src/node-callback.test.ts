import { expect, test, vi } from 'vitest';
import { answer } from './node-callback.ts';

test('without a callback, the promise itself is the answer', async () => {
  expect(await answer(Promise.resolve(1), undefined)).toBe(1);
  await expect(answer(Promise.reject(new Error('no')), undefined)).rejects.toThrow('no');
});

test('with one, it gets null and the result, or the error alone, and the promise never rejects', async () => {
  const callback = vi.fn();
  expect(await answer(Promise.resolve(1), callback)).toBe(1);
  await vi.waitFor(() => expect(callback).toHaveBeenLastCalledWith(null, 1), { timeout: 20_000 });
  const error = new Error('no');
  expect(await answer(Promise.reject(error), callback)).toBeUndefined();
  await vi.waitFor(() => expect(callback).toHaveBeenLastCalledWith(error), { timeout: 20_000 });
  expect(callback).toHaveBeenCalledTimes(2);
});
