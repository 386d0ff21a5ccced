import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { TRPCClientError } from '@trpc/client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { recoverQueries } from './recovery.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const noAnswer = () => new TRPCClientError('fetch failed');

/** A card on screen, and a server that can be away. */
function card(failure: () => unknown = noAnswer) {
  let isAway = true;
  const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const load = vi.fn<() => Promise<string>>(() => (isAway ? Promise.reject(failure()) : Promise.resolve('loaded')));
  const ask = vi.fn<() => Promise<unknown>>(() => (isAway ? Promise.reject(noAnswer()) : Promise.resolve({})));
  const stop = recoverQueries({ queryClient, ask });
  const observer = new QueryObserver(queryClient, { queryKey: ['card'], queryFn: load });
  const close = observer.subscribe(() => {});
  return { observer, load, ask, close, stop, back: () => void (isAway = false) };
}

test('a part of the page that got no answer loads by itself when the server is back', async () => {
  const { observer, load, ask, back } = card();
  await vi.advanceTimersByTimeAsync(6_100);
  expect([ask.mock.calls.length, load.mock.calls.length, observer.getCurrentResult().status]).toEqual([1, 1, 'error']);
  back();
  await vi.advanceTimersByTimeAsync(12_100);
  expect(observer.getCurrentResult().data).toBe('loaded');
  // And nothing is asked any more.
  const asked = ask.mock.calls.length;
  await vi.advanceTimersByTimeAsync(3_600_000);
  expect(ask).toHaveBeenCalledTimes(asked);
});

test('a server that stays away is asked less and less often, at least once in 72 seconds', async () => {
  const { ask } = card();
  await vi.advanceTimersByTimeAsync(3_600_000);
  expect(ask.mock.calls.length).toBeGreaterThanOrEqual(50);
  expect(ask.mock.calls.length).toBeLessThanOrEqual(80);
});

test.each([
  ['a refusal', { code: 'FORBIDDEN', httpStatus: 403, reason: 'ROLE_REQUIRED' }],
  ['a fault of the server’s own', { code: 'INTERNAL_SERVER_ERROR', httpStatus: 500, reason: 'INTERNAL' }],
])('%s is not asked again', async (_name, data) => {
  const { ask } = card(() => TRPCClientError.from({ error: { message: '', code: -32603, data } }));
  await vi.advanceTimersByTimeAsync(600_000);
  expect(ask).not.toHaveBeenCalled();
});

test('what has left the screen is not asked for', async () => {
  const { ask, close } = card();
  await vi.advanceTimersByTimeAsync(0);
  close();
  await vi.advanceTimersByTimeAsync(6_100);
  const asked = ask.mock.calls.length;
  await vi.advanceTimersByTimeAsync(600_000);
  expect(ask).toHaveBeenCalledTimes(asked);
});

test('it stops when it is told to', async () => {
  const { ask, stop } = card();
  await vi.advanceTimersByTimeAsync(0);
  stop();
  await vi.advanceTimersByTimeAsync(600_000);
  expect(ask).not.toHaveBeenCalled();
});
