import { expect, test, vi } from 'vitest';
import { blockedAttempts } from './blocked-attempts.ts';

const silent = { warn: vi.fn() };

/** Waits that the test ends. */
function waits() {
  const ends: (() => void)[] = [];
  const wait = (signal: AbortSignal) =>
    new Promise<void>((resolve) => {
      ends.push(resolve);
      signal.addEventListener('abort', () => resolve());
    });
  return { wait, count: () => ends.length, end: () => ends.at(-1)?.() };
}

test('attempts are written together after one wait, and those that come later with the next', async () => {
  const countBlocked = vi.fn(async () => undefined);
  const { wait, end, count } = waits();
  const blocked = blockedAttempts({ countBlocked }, silent, wait);
  for (let attempt = 0; attempt < 1000; attempt += 1) blocked.add();
  expect([count(), countBlocked.mock.calls.length]).toEqual([1, 0]);
  end();
  await vi.waitFor(() => expect(countBlocked).toHaveBeenCalledWith({ attempts: 1000, at: expect.any(Date) }));
  blocked.add();
  await blocked.stop();
  expect(countBlocked).toHaveBeenLastCalledWith({ attempts: 1, at: expect.any(Date) });
  expect(countBlocked).toHaveBeenCalledTimes(2);
});

test('the storage is not used without attempts, and its failure is logged and stops nothing', async () => {
  const countBlocked = vi.fn(async () => Promise.reject(new Error('no storage')));
  const logger = { warn: vi.fn() };
  const blocked = blockedAttempts({ countBlocked }, logger, waits().wait);
  await blocked.flush();
  expect(countBlocked).not.toHaveBeenCalled();
  blocked.add();
  await blocked.stop();
  expect(logger.warn).toHaveBeenCalledWith({ err: expect.any(Error), attempts: 1 }, expect.any(String));
});
