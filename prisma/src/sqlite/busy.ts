import { setTimeout as sleep } from 'node:timers/promises';
import { DriverAdapterError } from '@prisma/driver-adapter-utils';

/** Short, because only the first writer of the process retries, a retry takes microseconds, and a longer pause leaves the lock idle. */
const MAX_PAUSE_MS = 10;

/** Whether another connection holds the lock. Nothing was done, so the statement can be retried. */
export const isBusy = (error: unknown): boolean =>
  error instanceof DriverAdapterError && (error.cause.originalCode?.startsWith('SQLITE_BUSY') ?? false);

/** The error that Prisma's adapter throws for SQLITE_BUSY. */
export const busyError = (): DriverAdapterError =>
  new DriverAdapterError({ kind: 'SocketTimeout', originalCode: 'SQLITE_BUSY', originalMessage: 'database is locked' });

/**
 * Retries until SQLite is not busy or the deadline (of `performance.now()`) has passed. It does not use SQLite's busy_timeout, because the
 * driver is synchronous and would block all other requests of the process. Pauses are random and grow, so that waiting processes do not
 * retry in lockstep.
 */
export async function whileBusy<T>(deadline: number, run: () => Promise<T>): Promise<T> {
  for (let ceiling = 2; ; ceiling = Math.min(ceiling * 2, MAX_PAUSE_MS)) {
    try {
      return await run();
    } catch (error) {
      const left = deadline - performance.now();
      if (!isBusy(error) || left <= 0) throw error;
      await sleep(Math.min(1 + Math.random() * ceiling, left));
    }
  }
}
