import { setTimeout as sleep } from 'node:timers/promises';
import { wrapCommands } from './wrap-commands.ts';
import type { TimeLimits } from './time-limits.ts';

/** Interval at which a command on a moving slot is retried. */
export const MOVING_INTERVAL_MS = 20;

/**
 * Whether a command failed because its slot is being moved to another node (resharding). Some keys of a script are then
 * on one node and some on the other, or one does not exist, so no node runs it until the slot has moved.
 * https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/#multi-keys-operations The library follows
 * ASK, but not in a pipeline.
 *
 * Not for CLUSTERDOWN: then a node is down until a fail-over, so retrying within a request is useless.
 */
export const isSlotMoving = (error: unknown): boolean => error instanceof Error && /^(TRYAGAIN|ASK)\b/.test(error.message);

/** Retries each command while its slot is being moved. */
export const retryWhileSlotMoves = <Commands extends object>(client: Commands, { movingMs }: TimeLimits): Commands =>
  wrapCommands(client, async (ask) => {
    const giveUpAt = performance.now() + movingMs;
    for (;;) {
      try {
        return await ask();
      } catch (error) {
        if (!isSlotMoving(error) || performance.now() >= giveUpAt) throw error;
      }
      await sleep(MOVING_INTERVAL_MS);
    }
  });
