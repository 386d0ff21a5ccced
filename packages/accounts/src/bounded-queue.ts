import { TooBusyError } from './account-errors.ts';

export interface QueueOptions {
  /** Maximum number of tasks that run at once. */
  concurrency: number;
  /** Maximum number of waiting tasks; any more are rejected immediately. */
  maxWaiting: number;
}

/**
 * Runs tasks in order with limited concurrency, so that a flood of sign-ins cannot exhaust memory. The returned function throws
 * TooBusyError if the queue is full.
 */
export function createBoundedQueue({ concurrency, maxWaiting }: QueueOptions): <T>(task: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];

  return async (task) => {
    if (running >= concurrency) {
      if (waiting.length >= maxWaiting) throw new TooBusyError();
      // A finished task hands its slot to the next one, so `running` stays unchanged.
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else {
      running += 1;
    }
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
