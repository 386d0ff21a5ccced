import type { DriverOptions } from '../database.ts';

/** Timeouts of a statement. With the defaults they add up to 2 s. undefined means no timeout. */
export interface TimeLimits {
  /** For getting a free or new connection. */
  readonly acquireMs: number;
  /** The server ends the statement. */
  readonly serverMs: number | undefined;
  /** We close the connection, because the server hangs or is unreachable. */
  readonly clientMs: number | undefined;
}

/** For the response to arrive after the server's timeout. */
const RESPONSE_ALLOWANCE_MS = 200;

export const timeLimits = ({ acquireTimeoutMs, statementTimeoutMs }: DriverOptions): TimeLimits => ({
  acquireMs: acquireTimeoutMs,
  serverMs: statementTimeoutMs,
  clientMs: statementTimeoutMs + RESPONSE_ALLOWANCE_MS,
});

/** For migrations, which may take any time. */
export const UNLIMITED: TimeLimits = { acquireMs: 10_000, serverMs: undefined, clientMs: undefined };

const OPENING_TIMEOUT_MS = 2000;

/** Longer timeouts for opening a database, so that a start does not fail because the machine is busy. */
export const openingLimits = (limits: TimeLimits, requestedMs = 0): TimeLimits => ({
  ...limits,
  acquireMs: Math.max(limits.acquireMs, OPENING_TIMEOUT_MS, requestedMs),
});
