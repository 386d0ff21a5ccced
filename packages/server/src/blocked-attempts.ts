import type { Accounts } from '@gatehouse/accounts';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from './logger.ts';

export interface BlockedAttempts {
  /** An attempt to sign in was refused before the password was checked. */
  add(): void;
  /** Writes what was added since. */
  flush(): Promise<void>;
  stop(): Promise<void>;
}

const DELAY_MS = 10_000;

/**
 * Counts refused attempts for the administrators' overview. They are written together, at most every ten seconds: an attacker can cause
 * thousands, and each must stay cheap.
 */
export function blockedAttempts(
  accounts: Pick<Accounts, 'countBlocked'>,
  logger: Pick<Logger, 'warn'>,
  wait: (signal: AbortSignal) => Promise<unknown> = (signal) => sleep(DELAY_MS, undefined, { signal, ref: false }),
): BlockedAttempts {
  const stopped = new AbortController();
  let attempts = 0;
  let writing: Promise<void> | undefined;

  async function flush(): Promise<void> {
    const some = attempts;
    attempts = 0;
    if (some === 0) return;
    try {
      await accounts.countBlocked({ attempts: some, at: new Date() });
    } catch (error) {
      logger.warn({ err: error, attempts: some }, 'Refused attempts could not be counted for the overview.');
    }
  }

  async function later(): Promise<void> {
    await wait(stopped.signal).catch(() => undefined);
    writing = undefined;
    await flush();
  }

  return {
    add() {
      attempts += 1;
      writing ??= later();
    },
    flush,
    async stop() {
      stopped.abort();
      await writing;
      await flush();
    },
  };
}
