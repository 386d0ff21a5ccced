import './engines/db/database-outages.ts';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { withDeadline } from './deadline.ts';
import type { Engine } from './engine-port.ts';
import { StorageUnavailableError } from './errors.ts';

const hung = (): Promise<never> => new Promise(() => undefined);
const engineOf = (over: Partial<Engine>): Engine => ({ name: 'fake', ...over }) as Engine;

const BOUNDED = [
  'newHandle',
  'create',
  'load',
  'find',
  'update',
  'touch',
  'claim',
  'destroy',
  'listByUser',
  'list',
  'destroyByUser',
  'refusesAdoption',
  'lease',
  'userChanged',
  'beginUserChange',
  'endUserChange',
] as const;

describe('semantics 41: a storage that does not respond', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  test.each(BOUNDED)('%s times out after the time limit, not before', async (name) => {
    const engine = withDeadline(engineOf(Object.fromEntries(BOUNDED.map((method) => [method, hung]))), 2000);
    let outcome: unknown;
    void (engine[name] as () => Promise<unknown>)().catch((error: unknown) => (outcome = error));
    await vi.advanceTimersByTimeAsync(1999);
    expect(outcome).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1);
    expect(outcome).toBeInstanceOf(StorageUnavailableError);
    expect(String(outcome)).toContain(name);
  });

  test('a count of all sessions has ten times as long', async () => {
    let outcome: unknown;
    void withDeadline(engineOf({ count: hung }), 2000)
      .count()
      .catch((error: unknown) => (outcome = error));
    await vi.advanceTimersByTimeAsync(19_999);
    expect(outcome).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1);
    expect(outcome).toBeInstanceOf(StorageUnavailableError);
  });

  test('maintenance has no time limit', async () => {
    const engine = withDeadline(
      engineOf({ purgeExpired: async () => new Promise((resolve) => setTimeout(() => resolve(7), 60_000)) }),
      2000,
    );
    const purge = engine.purgeExpired(10);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await purge).toBe(7);
  });

  test('a late result and a late error are dropped', async () => {
    const late = vi.fn(() => new Promise<never>((_, reject) => setTimeout(() => reject(new Error('late')), 5000)));
    const outcome = withDeadline(engineOf({ load: late }), 2000)
      .load('handle', { secretHash: 'hash' })
      .catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(6000);
    expect(await outcome).toBeInstanceOf(StorageUnavailableError);
    expect(late).toHaveBeenCalledOnce();
  });

  test('no timer is left after a result', async () => {
    await withDeadline(engineOf({ count: async () => ({ sessions: 1, users: 1 }) }), 2000).count();
    expect(vi.getTimerCount()).toBe(0);
  });
});

test('a result in time is returned unchanged', async () => {
  const outcome = { status: 'absent' as const };
  const load = vi.fn(async () => outcome);
  expect(await withDeadline(engineOf({ load }), 2000).load('handle', { secretHash: 'hash' })).toBe(outcome);
  expect(load).toHaveBeenCalledWith('handle', { secretHash: 'hash' });
});

/** Prisma's error when there is no server. */
const noServer = (): Error => Object.assign(new Error('no server'), { code: 'P1001' });

test.each([
  ['rejects', async () => Promise.reject(noServer())],
  [
    'throws',
    () => {
      throw noServer();
    },
  ],
] as const)('an outage is a StorageUnavailableError with its cause when a call %s', async (_how, load) => {
  const failure: unknown = await withDeadline(engineOf({ load }), 2000)
    .load('handle', { secretHash: 'hash' })
    .catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(StorageUnavailableError);
  expect(failure).toMatchObject({ code: 'STORAGE_UNAVAILABLE', cause: { message: 'no server' } });
});

test.each([
  new TypeError('a mistake in the code'),
  Object.assign(new Error('too long for its column'), { code: 'P2000' }),
  Object.assign(new Error('out of range'), { code: 'P2020' }),
])('other errors are thrown unchanged: %s', async (error) => {
  await expect(withDeadline(engineOf({ load: () => Promise.reject(error) }), 2000).load('handle', { secretHash: 'hash' })).rejects.toBe(
    error,
  );
});
