import { isReason, REASONS, SIGNED_OUT_REASONS } from '@gatehouse/contract';

/**
 * The message for the `reason` in the URL of the login page. Only known sign-out reasons have one, so that a malicious link cannot show
 * arbitrary text.
 */
export function reasonMessage(reason: string | undefined): string | undefined {
  return isReason(reason) && SIGNED_OUT_REASONS.has(reason) ? REASONS[reason].message : undefined;
}
