import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine } from '@gatehouse/session';
import { purgeWithLease } from '@gatehouse/session/engine';
import type { Logger } from './logger.ts';

export interface Purgeable {
  /** @returns how many were removed; 0: no more. */
  purgeExpired(batch: number): Promise<number>;
}

export interface ScheduledPurgeOptions {
  readonly engine: Pick<Engine, 'purgeExpired' | 'lease'>;
  /** Purged after the engine, in the same turn. */
  readonly also?: readonly Purgeable[];
  /** 0: never. */
  readonly intervalMs: number;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  /** Rejects when it is aborted. Default: a timer that keeps no process alive. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<unknown>;
  /** From 0 to 1. Default: `Math.random`. */
  readonly random?: () => number;
}

/** Looks in one interval, on average. */
const LOOKS = 10;

/**
 * Has expired sessions removed once an interval, by one of all servers. Each looks some ten times an interval whether that is
 * due, at moments of its own: so they do not knock all at once, and one that was killed is not missed for long.
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
        // oxlint-disable-next-line no-await-in-loop -- one after the other, until there is none
        const removed = await one.purgeExpired(batch);
        if (removed > 0) return removed;
      }
      return 0;
    },
  };

  async function look(): Promise<void> {
    try {
      const outcome = await purgeWithLease(all, { intervalMs, signal });
      if (outcome.status !== 'elsewhere' && outcome.removed > 0) logger.info({ removed: outcome.removed }, 'Expired rows were purged.');
    } catch (error) {
      logger.warn({ err: error }, 'Expired rows could not be purged; the next run tries again.');
    }
  }

  async function keepLooking(): Promise<void> {
    while (!signal.aborted) {
      await wait((intervalMs / LOOKS) * (0.5 + random()), signal).catch(() => undefined);
      if (!signal.aborted) await look();
    }
  }

  const looking = intervalMs > 0 ? keepLooking() : Promise.resolve();
  return {
    /** Resolves when nothing of it touches the storage any more. */
    async stop() {
      stopped.abort();
      await looking;
    },
  };
}
