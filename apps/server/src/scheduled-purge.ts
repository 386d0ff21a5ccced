import { setTimeout as sleep } from 'node:timers/promises';
import { purgeByTurns, type Engine } from '@gatehouse/session';
import type { Logger } from './logger.ts';

export interface ScheduledPurgeOptions {
  readonly engine: Engine;
  /** 0: never. */
  readonly intervalMs: number;
  readonly logger: Logger;
  /** From 0 to 1: when within its turn a server looks. Default: at random. */
  readonly random?: () => number;
}

/**
 * Has expired sessions removed once an interval, by one of all servers. Each looks some ten times an interval, at moments of its
 * own, whether the storage is due: so many servers do not knock at once, and one that is killed is not missed for long.
 */
export function scheduledPurge({ engine, intervalMs, logger, random = Math.random }: ScheduledPurgeOptions): { stop: () => Promise<void> } {
  const stopped = new AbortController();
  const { signal } = stopped;

  async function look(): Promise<void> {
    try {
      const outcome = await purgeByTurns(engine, { intervalMs, signal });
      if (outcome.status !== 'elsewhere' && outcome.removed > 0)
        logger.info({ removed: outcome.removed, isDone: outcome.status === 'purged' }, 'Expired sessions were purged.');
    } catch (error) {
      logger.warn({ err: error }, 'Expired sessions could not be purged; the next run tries again.');
    }
  }

  async function keepLooking(): Promise<void> {
    while (!signal.aborted) {
      await sleep((intervalMs / 10) * (0.5 + random()), undefined, { signal, ref: false }).catch(() => undefined);
      if (!signal.aborted) await look();
    }
  }

  const running = intervalMs > 0 ? keepLooking() : Promise.resolve();
  return {
    /** Resolves when nothing of it touches the storage any more. */
    async stop() {
      stopped.abort();
      await running;
    },
  };
}
