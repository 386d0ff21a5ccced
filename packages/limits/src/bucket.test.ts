import { expect, test } from 'vitest';
import { DAY_MS, delayMs, giveBack, take, type Bucket, type Budget } from './bucket.ts';

const BUDGET: Budget = { failures: 5, longestDelayMs: 900_000, memoryMs: DAY_MS, mostInARow: 50 };
const T0 = 1_900_000_000_000;

/** A bucket after so many failures, each as soon as it was let through. */
function after(failures: number, budget = BUDGET): { bucket: Bucket | undefined; nowMs: number } {
  let bucket: Bucket | undefined;
  let nowMs = T0;
  for (let done = 0; done < failures; done += 1) {
    nowMs = Math.max(nowMs, bucket?.blockedUntilMs ?? 0);
    const taken = take(bucket, budget, nowMs);
    if (!taken.ok) throw new Error('The delay is over.');
    ({ bucket } = taken);
  }
  return { bucket, nowMs };
}

test('delays begin with the fifth failure, double, and reach no more than the longest', () => {
  const delays = Array.from({ length: 17 }, (_, index) => delayMs(index + 1, BUDGET) / 1000);
  expect(delays).toEqual([0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]);
});

test('NIST SP 800-63B-4, 3.2.2: after 50 in a row under one name a day passes before each', () => {
  const { bucket, nowMs } = after(50);
  expect(take(bucket, BUDGET, nowMs + DAY_MS - 1)).toEqual({ ok: false, retryAfterMs: 1 });
  expect(take(bucket, BUDGET, nowMs + DAY_MS)).toMatchObject({ ok: true, bucket: { failures: 51 } });
});

test('KEYCLOAK-5420: attempts during a delay neither lengthen it nor count', () => {
  const { bucket, nowMs } = after(8);
  for (let tries = 0; tries < 100; tries += 1) expect(take(bucket, BUDGET, nowMs + 4000)).toEqual({ ok: false, retryAfterMs: 4000 });
  expect(take(bucket, BUDGET, nowMs + 8000)).toMatchObject({ ok: true, bucket: { failures: 9 } });
});

test('the window’s boundary is exact: a delay is over at its last instant, a failure forgotten at its own', () => {
  const { bucket, nowMs } = after(5);
  expect(take(bucket, BUDGET, nowMs + 999)).toMatchObject({ ok: false });
  expect(take(bucket, BUDGET, nowMs + 1000)).toMatchObject({ ok: true, bucket: { failures: 6 } });
  const forgotten = (bucket?.expiresAtMs ?? 0) - nowMs;
  expect(forgotten).toBe(1000 + DAY_MS);
  expect(take(bucket, BUDGET, nowMs + forgotten - 1)).toMatchObject({ ok: true, bucket: { failures: 6 } });
  expect(take(bucket, BUDGET, nowMs + forgotten)).toMatchObject({ ok: true, bucket: { failures: 1 } });
});

test('security 44: a clock that is turned back by an hour keeps nobody out for an hour', () => {
  const { bucket, nowMs } = after(6);
  expect(take(bucket, BUDGET, nowMs - 3_600_000)).toMatchObject({ ok: true });
});

test('the first delay is announced once, not with every attempt', () => {
  const locks = [4, 5, 6].map((failures) => {
    const { bucket, nowMs } = after(failures - 1);
    return take(bucket, BUDGET, Math.max(nowMs, bucket?.blockedUntilMs ?? 0));
  });
  expect(locks.map((taken) => taken.ok && taken.locks)).toEqual([false, true, false]);
});

test('an attempt that is given back takes the delay along that it began, and no other’s', () => {
  const { bucket, nowMs } = after(4);
  const taken = take(bucket, BUDGET, nowMs);
  if (!taken.ok) throw new Error('It is let through.');
  expect(giveBack(taken.bucket, taken.bucket)).toMatchObject({ failures: 4, blockedUntilMs: 0 });
  const others = { ...taken.bucket, failures: 7, blockedUntilMs: nowMs + 4000 };
  expect(giveBack(others, taken.bucket)).toEqual({ ...others, failures: 6 });
  expect(giveBack(undefined, taken.bucket)).toBeUndefined();
  expect(giveBack({ ...others, failures: 1 }, taken.bucket)).toBeUndefined();
});
