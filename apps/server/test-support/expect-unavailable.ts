import { stopwatch } from '@gatehouse/prisma/testing';
import { expect } from 'vitest';

export interface TimedAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Measured by a `stopwatch`. */
  readonly tookMs: number;
}

/** The storage timeout of 2 s, and 500 ms for the rest of the request. */
const BOUND_MS = 2500;

export async function timed(request: Promise<Response>): Promise<TimedAnswer> {
  const tookMs = stopwatch();
  const response = await request;
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, tookMs: tookMs() };
}

/** Expects a 503 with `Retry-After`, within the time limit, that does not change cookies. */
export function expectUnavailable({ status, headers, text, tookMs }: TimedAnswer): void {
  expect({ status, text }).toMatchObject({ status: 503, text: expect.stringContaining('STORAGE_UNAVAILABLE') });
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  expect(headers.getSetCookie()).toEqual([]);
  expect(tookMs).toBeLessThan(BOUND_MS);
}
