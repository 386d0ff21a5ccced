import type { Accounts } from '@gatehouse/accounts';
import type { Engine } from '@gatehouse/session';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from './logger.ts';

export interface AccountIndexingOptions {
  readonly accounts: Pick<Accounts, 'indexUsers' | 'storeHourCounts'>;
  readonly lease: Engine['lease'];
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  /** Rejects when it is aborted. Default: a timer that does not keep the process alive. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<unknown>;
}

/** After the start, so that it does not slow the first requests down. */
const FIRST_MS = 20_000;
const INTERVAL_MS = 10 * 60_000;
const LEASE_MS = 60_000;
const BATCH = 200;

/**
 * Prepares what the administrators' pages read: the words of accounts that an older version created, and the counts of the hours that are
 * over. One server does it at a time, in small steps.
 */
export function accountIndexing({
  accounts,
  lease,
  logger,
  wait = (ms, signal) => sleep(ms, undefined, { signal, ref: false }),
}: AccountIndexingOptions): { stop: () => Promise<void> } {
  const stopped = new AbortController();
  const { signal } = stopped;
  const owner = randomUUID();
  const hold = (forMs: number): Promise<boolean> => lease({ name: 'account-indexing', owner, forMs });

  async function repeat(work: () => Promise<number>): Promise<number> {
    let done = 0;
    for (let some = -1; some !== 0 && !signal.aborted && (await hold(LEASE_MS)); done += some) some = await work();
    return done;
  }

  async function check(): Promise<void> {
    try {
      const users = await repeat(() => accounts.indexUsers({ batch: BATCH }));
      await repeat(() => accounts.storeHourCounts({ now: new Date(), batch: 24 }));
      await hold(0);
      if (users > 0) logger.info({ users }, 'Accounts of an older version can now be searched.');
    } catch (error) {
      logger.warn({ err: error }, 'Accounts could not be prepared for searching; the next run tries again.');
    }
  }

  async function run(): Promise<void> {
    for (let ms = FIRST_MS; !signal.aborted; ms = INTERVAL_MS) {
      // oxlint-disable-next-line no-await-in-loop
      await wait(ms * (0.5 + Math.random()), signal).catch(() => undefined);
      // oxlint-disable-next-line no-await-in-loop
      if (!signal.aborted) await check();
    }
  }

  const running = run();
  return {
    /** Resolves when the storage is no longer used. */
    async stop() {
      stopped.abort();
      await running;
    },
  };
}
