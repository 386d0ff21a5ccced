import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine } from '@gatehouse/session';
import { purgeWithLease } from '@gatehouse/session/engine';
import type { Logger } from './logger.ts';

export interface Purgeable {
  /** @returns how many were removed; 0: nothing is left. */
  purgeExpired(batch: number): Promise<number>;
}

export interface ScheduledPurgeOptions {
  readonly engine: Pick<Engine, 'purgeExpired' | 'lease'>;
  /** Purged after the engine, in the same run. */
  readonly also?: readonly Purgeable[];
  /** 0: never. */
  readonly intervalMs: number;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  /** Rejects when it is aborted. Default: a timer that does not keep the process alive. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<unknown>;
  /** From 0 to 1. Default: `Math.random`. */
  readonly random?: () => number;
}

/** Checks per interval, on average. */
const CHECKS_PER_INTERVAL = 10;

/**
 * Purges expired sessions once per interval, on one of all servers. Each server checks about ten times per interval, at random moments,
 * whether a purge is due: so they do not check all at once, and another one soon takes over from a server that was killed.
 */
export function scheduledPurge({
  engine,
  also = [],
  intervalMs,
  logger,
  wait = (ms, signal) => sleep(ms, undefined, { signal, ref: false }),
  random = Math.random,
}: ScheduledPurgeOptions): { stop: () => Promise<void> } {
  const stopped = new AbortController();
  const { signal } = stopped;

  const all = {
    lease: engine.lease,
    async purgeExpired(batch: number): Promise<number> {
      for (const one of [engine, ...also]) {
        // oxlint-disable-next-line no-await-in-loop -- one after the other, until nothing is left
        const removed = await one.purgeExpired(batch);
        if (removed > 0) return removed;
      }
      return 0;
    },
  };

  async function check(): Promise<void> {
    try {
      const outcome = await purgeWithLease(all, { intervalMs, signal });
      if (outcome.status !== 'elsewhere' && outcome.removed > 0) logger.info({ removed: outcome.removed }, 'Expired rows were purged.');
    } catch (error) {
      logger.warn({ err: error }, 'Expired rows could not be purged; the next run tries again.');
    }
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      await wait((intervalMs / CHECKS_PER_INTERVAL) * (0.5 + random()), signal).catch(() => undefined);
      if (!signal.aborted) await check();
    }
  }

  const running = intervalMs > 0 ? run() : Promise.resolve();
  return {
    /** Resolves when the storage is no longer used. */
    async stop() {
      stopped.abort();
      await running;
    },
  };
}
