import { TooBusyError } from './too-busy-error.ts';

export interface QueueOptions {
  /** Most tasks that run at once. */
  concurrency: number;
  /** Most tasks that wait; the next one is turned away at once. */
  maxWaiting: number;
}

/**
 * Runs tasks a few at a time, first come first served. Each holds its memory only while it runs, and a flood
 * of sign-ins costs the ones above the limit nothing but an answer. Throws TooBusyError.
 */
export function createBoundedQueue({ concurrency, maxWaiting }: QueueOptions): <T>(task: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];

  return async (task) => {
    if (running >= concurrency) {
      if (waiting.length >= maxWaiting) throw new TooBusyError();
      // The one that ends hands its place over: `running` stays.
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
