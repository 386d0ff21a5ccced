import { Refusal } from '@gatehouse/api';
import type { BulkOutcome } from '@gatehouse/contract';
import { TRPCError } from '@trpc/server';

/** Runs `work` for each account, one after the other. An account that is refused is reported; an outage stops the rest and is thrown. */
export async function inBulk(userIds: readonly string[], work: (userId: string) => Promise<{ ended: number }>): Promise<BulkOutcome> {
  const outcome: BulkOutcome = { done: [], failed: [], ended: 0 };
  for (const userId of userIds) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- each change locks its account
      outcome.ended += (await work(userId)).ended;
      outcome.done.push(userId);
    } catch (error) {
      const refusal = error instanceof TRPCError && error.cause instanceof Refusal ? error.cause : undefined;
      if (!refusal || refusal.reason === 'STORAGE_UNAVAILABLE' || refusal.reason === 'ROLE_REQUIRED') throw error;
      outcome.failed.push({ userId, reason: refusal.reason });
    }
  }
  return outcome;
}
