import { StorageUnavailableError } from './errors.ts';

/**
 * Runs tasks of one key one after the other, tasks of different keys at once. Within a process this spares
 * read-modify-write its retries; between processes the version decides.
 *
 * When storage does not answer one task, those that waited behind it get its error at once: they have waited as
 * long, and one after the other they would wait that long again each.
 */
export function createKeyQueue() {
  const tails = new Map<string, Promise<unknown>>();
  return async function inTurn<Result>(key: string, task: () => Promise<Result>): Promise<Result> {
    const run = (tails.get(key) ?? Promise.resolve()).then(task);
    const tail = run.catch((error: unknown) => {
      if (error instanceof StorageUnavailableError) throw error;
    });
    // The error is the task's to report; here it only passes by.
    tail.catch(() => undefined);
    tails.set(key, tail);
    try {
      return await run;
    } finally {
      if (tails.get(key) === tail) tails.delete(key);
    }
  };
}
