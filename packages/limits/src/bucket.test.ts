import { expect, test } from 'vitest';
import { consume, DAY_MS, delayMs, refund, type Bucket, type Budget } from './bucket.ts';

const BUDGET: Budget = { failures: 5, maxDelayMs: 900_000, memoryMs: DAY_MS, maxConsecutive: 50 };
const T0 = 1_900_000_000_000;

/** A bucket after this many failures, each as early as possible. */
function after(failures: number, budget = BUDGET): { bucket: Bucket | undefined; nowMs: number } {
  let bucket: Bucket | undefined;
  let nowMs = T0;
  for (let done = 0; done < failures; done += 1) {
    nowMs = Math.max(nowMs, bucket?.blockedUntilMs ?? 0);
    const outcome = consume(bucket, budget, nowMs);
    if (!outcome.ok) throw new Error('Refused although the delay is over.');
    ({ bucket } = outcome);
  }
  return { bucket, nowMs };
}

test('delays start with the fifth failure and double up to the maximum', () => {
  const delays = Array.from({ length: 17 }, (_, index) => delayMs(index + 1, BUDGET) / 1000);
  expect(delays).toEqual([0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]);
});

test('NIST SP 800-63B-4, 3.2.2: after 50 consecutive failures under one name, each delay is a day', () => {
  const { bucket, nowMs } = after(50);
  expect(consume(bucket, BUDGET, nowMs + DAY_MS - 1)).toEqual({ ok: false, retryAfterMs: 1 });
  expect(consume(bucket, BUDGET, nowMs + DAY_MS)).toMatchObject({ ok: true, bucket: { failures: 51 } });
});

test('KEYCLOAK-5420: attempts during a delay neither extend it nor count', () => {
  const { bucket, nowMs } = after(8);
  for (let tries = 0; tries < 100; tries += 1) expect(consume(bucket, BUDGET, nowMs + 4000)).toEqual({ ok: false, retryAfterMs: 4000 });
  expect(consume(bucket, BUDGET, nowMs + 8000)).toMatchObject({ ok: true, bucket: { failures: 9 } });
});

test('boundaries are exact: an attempt is allowed when the delay has passed, and failures are forgotten when they expire', () => {
  const { bucket, nowMs } = after(5);
  expect(consume(bucket, BUDGET, nowMs + 999)).toMatchObject({ ok: false });
  expect(consume(bucket, BUDGET, nowMs + 1000)).toMatchObject({ ok: true, bucket: { failures: 6 } });
  const forgotten = (bucket?.expiresAtMs ?? 0) - nowMs;
  expect(forgotten).toBe(1000 + DAY_MS);
  expect(consume(bucket, BUDGET, nowMs + forgotten - 1)).toMatchObject({ ok: true, bucket: { failures: 6 } });
  expect(consume(bucket, BUDGET, nowMs + forgotten)).toMatchObject({ ok: true, bucket: { failures: 1 } });
});

test('security 44: setting the clock back by an hour does not lock anyone out for an hour', () => {
  const { bucket, nowMs } = after(6);
  expect(consume(bucket, BUDGET, nowMs - 3_600_000)).toMatchObject({ ok: true });
});

test('only the attempt that starts the first delay reports it', () => {
  const locks = [4, 5, 6].map((failures) => {
    const { bucket, nowMs } = after(failures - 1);
    return consume(bucket, BUDGET, Math.max(nowMs, bucket?.blockedUntilMs ?? 0));
  });
  expect(locks.map((outcome) => outcome.ok && outcome.locks)).toEqual([false, true, false]);
});

test('a refund removes the delay that the attempt started, and no other delay', () => {
  const { bucket, nowMs } = after(4);
  const consumed = consume(bucket, BUDGET, nowMs);
  if (!consumed.ok) throw new Error('Refused although no delay has started.');
  expect(refund(consumed.bucket, consumed.bucket)).toMatchObject({ failures: 4, blockedUntilMs: 0 });
  const others = { ...consumed.bucket, failures: 7, blockedUntilMs: nowMs + 4000 };
  expect(refund(others, consumed.bucket)).toEqual({ ...others, failures: 6 });
  expect(refund(undefined, consumed.bucket)).toBeUndefined();
  expect(refund({ ...others, failures: 1 }, consumed.bucket)).toBeUndefined();
});
