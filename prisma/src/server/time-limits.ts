import type { DriverOptions } from '../database.ts';

/** With the defaults they bound a statement at 2 s together: the wait for a connection, the server's own limit, and what its answer may take on the way. */
export interface TimeLimits {
  /** Until a connection is there, taken from the pool or made. */
  readonly acquireMs: number;
  /** After this the server gives up; undefined: never. */
  readonly serverMs: number | undefined;
  /** After this we do, and cut the connection: the server hangs or is out of reach. undefined: never. */
  readonly clientMs: number | undefined;
}

const ANSWER_ALLOWANCE_MS = 200;

export const timeLimits = ({ acquireTimeoutMs, statementTimeoutMs }: DriverOptions): TimeLimits => ({
  acquireMs: acquireTimeoutMs,
  serverMs: statementTimeoutMs,
  clientMs: statementTimeoutMs + ANSWER_ALLOWANCE_MS,
});

/** A migration takes the time that it takes. */
export const UNLIMITED: TimeLimits = { acquireMs: 10_000, serverMs: undefined, clientMs: undefined };

const OPENING_TIMEOUT_MS = 2000;

/** Opening waits longer: a start that fails because the machine is busy helps nobody. */
export const patient = (limits: TimeLimits, askedMs = 0): TimeLimits => ({
  ...limits,
  acquireMs: Math.max(limits.acquireMs, OPENING_TIMEOUT_MS, askedMs),
});
