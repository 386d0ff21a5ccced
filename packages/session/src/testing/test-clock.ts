/** A clock that only the test moves. Give `clock.now` to `sessionMiddleware`, `openEngine` or `createGatehouse`. */
export interface TestClock {
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Moves the clock forward. Milliseconds. */
  advance(ms: number): void;
  /** Sets the clock, also back. */
  set(to: Date | number): void;
}

/** @param start the initial time. @default noon of 1 January 2030, UTC */
export function createTestClock(start: Date | number = Date.UTC(2030, 0, 1, 12)): TestClock {
  let nowMs = Number(start);
  return {
    now: () => nowMs,
    advance(ms) {
      nowMs += ms;
    },
    set(to) {
      nowMs = Number(to);
    },
  };
}
