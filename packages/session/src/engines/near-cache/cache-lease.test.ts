import { expect, test, vi } from 'vitest';
import { createCacheLease } from './cache-lease.ts';

const LEASE_MS = 1000;

/** A lease whose renewals end when the test says so. */
function leaseAt(startMs = 5000) {
  const clock = { monotonicMs: startMs, wallMs: 1_700_000_000_000 };
  const renewals: { succeed(): void; fail(): void }[] = [];
  const members: string[] = [];
  const leave = vi.fn((_member: string) => Promise.resolve());
  const lease = createCacheLease({
    leaseMs: LEASE_MS,
    renew: (member) => {
      members.push(member);
      return new Promise((resolve, reject) => renewals.push({ succeed: resolve, fail: () => reject(new Error('no reply')) }));
    },
    leave,
    clocks: { monotonic: () => clock.monotonicMs, wall: () => clock.wallMs },
  });
  const advance = (ms: number): void => {
    clock.monotonicMs += ms;
    clock.wallMs += ms;
  };
  async function answer(reply: 'succeed' | 'fail' = 'succeed'): Promise<void> {
    renewals.shift()?.[reply]();
    for (let turns = 0; turns < 10; turns += 1) await Promise.resolve();
  }
  return { lease, clock, renewals, members, leave, advance, answer };
}

test('a lease counts from before its renewal was sent, and ends', async () => {
  const { lease, advance, answer } = leaseAt();
  lease.use();
  advance(300);
  expect(lease.isValid()).toBe(false);
  await answer();
  expect(lease.isValid()).toBe(true);
  advance(LEASE_MS - 301);
  expect(lease.isValid()).toBe(true);
  advance(1);
  expect(lease.isValid()).toBe(false);
});

test('a renewal whose reply takes longer than a lease grants nothing', async () => {
  const { lease, advance, answer } = leaseAt();
  lease.use();
  advance(LEASE_MS);
  await answer();
  expect(lease.isValid()).toBe(false);
});

test('nothing is served while a renewal is under way, nor after one that failed', async () => {
  const { lease, advance, answer, renewals } = leaseAt();
  lease.use();
  await answer();
  advance(LEASE_MS / 2 + 1);
  expect(lease.isValid()).toBe(true);
  lease.use();
  lease.use();
  expect(renewals).toHaveLength(1);
  expect(lease.isValid()).toBe(false);
  await answer('fail');
  expect(lease.isValid()).toBe(false);
  lease.use();
  await answer();
  expect(lease.isValid()).toBe(true);
});

test.each([
  ['the monotonic clock stood still, as on a suspended machine', { monotonicMs: 0, wallMs: LEASE_MS }],
  ['the time was set back', { monotonicMs: LEASE_MS, wallMs: -3_600_000 }],
])('a lease ends although %s', async (_name, { monotonicMs, wallMs }) => {
  const { lease, clock, answer } = leaseAt();
  lease.use();
  await answer();
  clock.monotonicMs += monotonicMs;
  clock.wallMs += wallMs;
  expect(lease.isValid()).toBe(false);
});

test('a fence during a renewal causes another one, because that one may have been executed before it', async () => {
  const { lease, answer, renewals } = leaseAt();
  lease.use();
  void lease.onFence();
  await answer();
  expect(lease.isValid()).toBe(false);
  expect(renewals).toHaveLength(1);
  await answer();
  expect(lease.isValid()).toBe(true);
});

test('at a fence, a process in use renews, and one that was not used since the last renewal leaves', async () => {
  const { lease, answer, renewals, leave } = leaseAt();
  lease.use();
  await answer();
  lease.use();
  void lease.onFence();
  expect(renewals).toHaveLength(1);
  await answer();
  expect(leave).not.toHaveBeenCalled();
  await lease.onFence();
  expect(leave).toHaveBeenCalledOnce();
  expect(lease.isValid()).toBe(false);
  // It has left already.
  await lease.onFence();
  expect(leave).toHaveBeenCalledOnce();
});

test('after a renewal that failed, and after it left, a process has another name: those commands may still arrive', async () => {
  const { lease, answer, members, leave } = leaseAt();
  lease.use();
  expect(members).toEqual([lease.member()]);
  await answer('fail');
  lease.use();
  await answer();
  expect(members).toEqual([expect.any(String), lease.member()]);
  expect(new Set(members).size).toBe(2);
  await lease.end();
  expect(leave).toHaveBeenCalledWith(members[1]);
  expect(members).not.toContain(lease.member());
});

test('nothing is served after it is closed, whatever is still under way', async () => {
  const { lease, answer } = leaseAt();
  lease.use();
  await lease.close();
  await answer();
  expect(lease.isValid()).toBe(false);
  lease.use();
  expect(lease.isValid()).toBe(false);
});
