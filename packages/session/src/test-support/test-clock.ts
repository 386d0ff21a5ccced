import type { TestClock } from '../conformance/engine-fixture.ts';

export function createTestClock(startMs = Date.UTC(2030, 0, 1, 12)): TestClock {
  let nowMs = startMs;
  return {
    now: () => nowMs,
    advance(ms) {
      nowMs += ms;
    },
  };
}
