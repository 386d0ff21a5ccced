import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { TRPCClientError } from '@trpc/client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { recoverQueries } from './recover-queries.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const networkError = () => new TRPCClientError('fetch failed');

/** A query on screen and a server that is down until `recover` is called. */
function card(failure: () => unknown = networkError) {
  let isDown = true;
  const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const load = vi.fn<() => Promise<string>>(() => (isDown ? Promise.reject(failure()) : Promise.resolve('loaded')));
  const ping = vi.fn<() => Promise<unknown>>(() => (isDown ? Promise.reject(networkError()) : Promise.resolve({})));
  const stop = recoverQueries({ queryClient, ping });
  const observer = new QueryObserver(queryClient, { queryKey: ['card'], queryFn: load });
  const close = observer.subscribe(() => {});
  return { observer, load, ping, close, stop, recover: () => void (isDown = false) };
}

test('a query that failed is refetched when the server is back', async () => {
  const { observer, load, ping, recover } = card();
  await vi.advanceTimersByTimeAsync(6_100);
  expect([ping.mock.calls.length, load.mock.calls.length, observer.getCurrentResult().status]).toEqual([1, 1, 'error']);
  recover();
  await vi.advanceTimersByTimeAsync(12_100);
  expect(observer.getCurrentResult().data).toBe('loaded');
  // Pinging stops.
  const pings = ping.mock.calls.length;
  await vi.advanceTimersByTimeAsync(3_600_000);
  expect(ping).toHaveBeenCalledTimes(pings);
});

test('a server that stays down is pinged less and less often, but at least every 72 seconds', async () => {
  const { ping } = card();
  await vi.advanceTimersByTimeAsync(3_600_000);
  expect(ping.mock.calls.length).toBeGreaterThanOrEqual(50);
  expect(ping.mock.calls.length).toBeLessThanOrEqual(80);
});

test.each([
  ['a refusal', { code: 'FORBIDDEN', httpStatus: 403, reason: 'ROLE_REQUIRED' }],
  ['an internal error', { code: 'INTERNAL_SERVER_ERROR', httpStatus: 500, reason: 'INTERNAL' }],
])('%s is not retried', async (_name, data) => {
  const { ping } = card(() => TRPCClientError.from({ error: { message: '', code: -32603, data } }));
  await vi.advanceTimersByTimeAsync(600_000);
  expect(ping).not.toHaveBeenCalled();
});

test('a query that left the screen is not retried', async () => {
  const { ping, close } = card();
  await vi.advanceTimersByTimeAsync(0);
  close();
  await vi.advanceTimersByTimeAsync(6_100);
  const pings = ping.mock.calls.length;
  await vi.advanceTimersByTimeAsync(600_000);
  expect(ping).toHaveBeenCalledTimes(pings);
});

test('after stop, there are no pings', async () => {
  const { ping, stop } = card();
  await vi.advanceTimersByTimeAsync(0);
  stop();
  await vi.advanceTimersByTimeAsync(600_000);
  expect(ping).not.toHaveBeenCalled();
});
