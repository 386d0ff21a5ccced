import { expect, test, vi } from 'vitest';
import { accountIndexing } from './account-indexing.ts';

/** Waits that the test ends. */
function waits() {
  let end = (): void => undefined;
  const wait = vi.fn(
    (_ms: number, signal: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        end = resolve;
        signal.addEventListener('abort', () => reject(new Error('aborted')));
      }),
  );
  return { wait, end: () => end() };
}

test('accounts are prepared in steps until none is left, and one server does it at a time', async () => {
  const { wait, end } = waits();
  const steps = [200, 200, 5, 0];
  const indexUsers = vi.fn(async () => steps.shift() ?? 0);
  const storeHourCounts = vi.fn(async () => 0);
  const lease = vi.fn(async ({ forMs }: { forMs: number }) => forMs === 0 || lease.mock.calls.length > 1);
  const logger = { info: vi.fn(), warn: vi.fn() };
  const indexing = accountIndexing({ accounts: { indexUsers, storeHourCounts }, lease, logger, wait });

  // Another server has the lease.
  end();
  await vi.waitFor(() => expect(wait).toHaveBeenCalledTimes(2));
  expect(indexUsers).not.toHaveBeenCalled();

  end();
  await vi.waitFor(() => expect(wait).toHaveBeenCalledTimes(3));
  expect(indexUsers).toHaveBeenCalledTimes(4);
  expect(storeHourCounts).toHaveBeenCalledTimes(2);
  expect(logger.info).toHaveBeenCalledWith({ users: 405 }, expect.any(String));
  // Gives the lease back.
  expect(lease).toHaveBeenLastCalledWith({ name: 'account-indexing', owner: expect.any(String), forMs: 0 });
  await indexing.stop();
});

test('a failure is logged and tried again at the next run, and stopping ends the wait', async () => {
  const { wait, end } = waits();
  const indexUsers = vi.fn().mockRejectedValueOnce(new Error('no storage')).mockResolvedValue(0);
  const logger = { info: vi.fn(), warn: vi.fn() };
  const accounts = { indexUsers, storeHourCounts: async () => 0 };
  const indexing = accountIndexing({ accounts, lease: async () => true, logger, wait });
  end();
  await vi.waitFor(() => expect(wait).toHaveBeenCalledTimes(2));
  expect(logger.warn).toHaveBeenCalledOnce();
  end();
  await vi.waitFor(() => expect(wait).toHaveBeenCalledTimes(3));
  expect([indexUsers.mock.calls.length, logger.warn.mock.calls.length]).toEqual([2, 1]);
  await indexing.stop();
  expect(wait).toHaveBeenCalledTimes(3);
});
