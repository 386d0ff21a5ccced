import { setTimeout as sleep } from 'node:timers/promises';
import { DriverAdapterError } from '@prisma/driver-adapter-utils';

/** Only the first in a process's line asks, and asking costs microseconds: what is long here is a lock that lies idle. */
const MAX_PAUSE_MS = 10;

/** SQLite refused because another connection holds the lock: nothing was done, and trying again is right. */
export const isBusy = (error: unknown): boolean =>
  error instanceof DriverAdapterError && (error.cause.originalCode?.startsWith('SQLITE_BUSY') ?? false);

/** What Prisma's adapter throws for SQLITE_BUSY. */
export const busyError = (): DriverAdapterError =>
  new DriverAdapterError({ kind: 'SocketTimeout', originalCode: 'SQLITE_BUSY', originalMessage: 'database is locked' });

/**
 * Runs until SQLite is not busy or the deadline (of `performance.now()`) has passed. The waiting is ours and not
 * SQLite's busy_timeout, because the driver is synchronous: it would hold up every other request of the process.
 * Pauses grow and are random, so that processes that wait for one lock do not come back in step.
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
