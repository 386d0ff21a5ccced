import { StorageUnavailableError } from './errors.ts';

/**
 * Runs the tasks of one key in sequence, and those of different keys in parallel. This avoids compare-and-set retries
 * within a process; between processes the version decides.
 *
 * If the storage times out for one task, the tasks queued behind it fail with the same error at once. They have waited
 * as long already, and each would wait that long again.
 */
export function createKeyQueue() {
  const tails = new Map<string, Promise<unknown>>();
  return async function runSerialized<Result>(key: string, task: () => Promise<Result>): Promise<Result> {
    const run = (tails.get(key) ?? Promise.resolve()).then(task);
    const tail = run.catch((error: unknown) => {
      if (error instanceof StorageUnavailableError) throw error;
    });
    // `run` reports the error; this only prevents an unhandled rejection.
    tail.catch(() => undefined);
    tails.set(key, tail);
    try {
      return await run;
    } finally {
      if (tails.get(key) === tail) tails.delete(key);
    }
  };
}
