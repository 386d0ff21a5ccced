import { setTimeout as sleep } from 'node:timers/promises';
import { aroundCommands } from './around-commands.ts';
import type { TimeLimits } from './time-limits.ts';

/** How often a slot that is on its way is asked for again. */
export const MOVING_INTERVAL_MS = 20;

/**
 * While a slot is moved to another node (resharding), some of a script's keys are here and some are there, or one of them does not exist: no
 * node runs it until the slot has arrived. https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/#multi-keys-operations
 * The library follows ASK, and a pipeline of it cannot.
 *
 * CLUSTERDOWN is not that: a node is gone, for as long as a fail-over takes, and whoever waits for it in vain has waited for nothing.
 */
export const isSlotOnItsWay = (error: unknown): boolean => error instanceof Error && /^(TRYAGAIN|ASK)\b/.test(error.message);

/** The same client, which asks again for as long as a slot is on its way. */
export const acrossMoves = <Commands extends object>(client: Commands, { movingMs }: TimeLimits): Commands =>
  aroundCommands(client, async (ask) => {
    const giveUpAt = performance.now() + movingMs;
    for (;;) {
      try {
        return await ask();
      } catch (error) {
        if (!isSlotOnItsWay(error) || performance.now() >= giveUpAt) throw error;
      }
      await sleep(MOVING_INTERVAL_MS);
    }
  });
