import { isReason, SIGNED_OUT_REASONS, type SignedOutReason } from '@gatehouse/contract';

/**
 * The key of the message for the `reason` in the URL of the login page. Only known sign-out reasons have one, so that a malicious link
 * cannot show arbitrary text.
 */
export function signedOutMessageKey(reason: string | undefined): SignedOutReason | undefined {
  return isReason(reason) && SIGNED_OUT_REASONS.has(reason) ? (reason as SignedOutReason) : undefined;
}
