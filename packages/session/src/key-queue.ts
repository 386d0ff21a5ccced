/**
 * Runs tasks of one key one after the other, tasks of different keys at once. Within a process this spares
 * read-modify-write its retries; between processes the version decides.
 */
export function createKeyQueue() {
  const tails = new Map<string, Promise<unknown>>();
  return async function inTurn<Result>(key: string, task: () => Promise<Result>): Promise<Result> {
    const before = tails.get(key) ?? Promise.resolve();
    const run = before.then(task, task);
    const tail = run.catch(() => undefined);
    tails.set(key, tail);
    try {
      return await run;
    } finally {
      if (tails.get(key) === tail) tails.delete(key);
    }
  };
}
