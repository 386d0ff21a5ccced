import type { Logger } from './logger.ts';

const INTERVAL_MS = 60 * 60 * 1000;
const BATCH = 500;

export interface Purgeable {
  /** @returns how many were removed; 0: no more. */
  purgeExpired(batch: number): Promise<number>;
}

/** Removes dead rows once an hour. Frees space and nothing else: what has expired is of no effect, purged or not. */
export function scheduledPurge(storages: readonly Purgeable[], logger: Logger): { stop: () => void } {
  let stopped = false;

  async function purge(storage: Purgeable): Promise<void> {
    try {
      let removed = 0;
      for (let batch = -1; batch !== 0 && !stopped; removed += batch) batch = await storage.purgeExpired(BATCH);
      if (removed > 0) logger.info({ removed }, 'Expired rows were purged.');
    } catch (error) {
      logger.warn({ err: error }, 'Expired rows could not be purged; the next run tries again.');
    }
  }

  const timer = setInterval(() => void Promise.all(storages.map(purge)), INTERVAL_MS);
  timer.unref();
  return {
    stop() {
      stopped = true;
      clearInterval(timer);
    },
  };
}
