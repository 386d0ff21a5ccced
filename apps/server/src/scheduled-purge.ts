import { setTimeout as sleep } from 'node:timers/promises';
import { purgeByTurns, type Engine } from '@gatehouse/session';
import type { Logger } from './logger.ts';

type Purgeable = Pick<Engine, 'purgeExpired' | 'lease'>;

export interface ScheduledPurgeOptions {
  readonly engine: Purgeable;
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
  intervalMs,
  logger,
  wait = (ms, signal) => sleep(ms, undefined, { signal, ref: false }),
  random = Math.random,
}: ScheduledPurgeOptions): { stop: () => Promise<void> } {
  const stopped = new AbortController();
  const { signal } = stopped;

  async function look(): Promise<void> {
    try {
      const outcome = await purgeByTurns(engine, { intervalMs, signal });
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

/** The sessions, and after them whatever else has expired; under the sessions' lease. */
export const purgedTogether = (engine: Purgeable, others: Pick<Engine, 'purgeExpired'>): Purgeable => ({
  lease: engine.lease,
  purgeExpired: async (batch) => (await engine.purgeExpired(batch)) || others.purgeExpired(batch),
});
