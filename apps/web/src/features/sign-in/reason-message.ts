import { isReason, REASONS, SIGNED_OUT_REASONS } from '@gatehouse/contract';

/**
 * What to say to someone who was sent here. Only for reasons of the table that can have sent them: whoever makes a
 * link to this page chooses among these sentences and writes none.
 */
export function reasonMessage(reason: string | undefined): string | undefined {
  return isReason(reason) && SIGNED_OUT_REASONS.has(reason) ? REASONS[reason].message : undefined;
}
