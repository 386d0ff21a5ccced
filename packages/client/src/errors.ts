import type { AppRouter } from '@gatehouse/api';
import { isReason, SIGNED_OUT_REASONS, type Reason, type SignedOutReason } from '@gatehouse/contract';
import { TRPCClientError } from '@trpc/client';

const asClientError = (error: unknown): TRPCClientError<AppRouter> | undefined =>
  error instanceof TRPCClientError ? (error as TRPCClientError<AppRouter>) : undefined;

/** Why the server refused, or undefined if the server did not say: a network error, a proxy's page, a bug. */
export function errorReason(error: unknown): Reason | undefined {
  const reason: unknown = asClientError(error)?.data?.reason;
  return isReason(reason) ? reason : undefined;
}

/**
 * The reason if the server said that there is no session, else undefined. A wrong password, a network error
 * and a 5xx are not a sign-out.
 */
export function signedOutReason(error: unknown): SignedOutReason | undefined {
  const reason = errorReason(error);
  return reason !== undefined && SIGNED_OUT_REASONS.has(reason) ? (reason as SignedOutReason) : undefined;
}

/** The server did not answer, or not as itself: offline, a gateway's page, a 5xx. Worth a retry; never a sign-out. */
export function isUnreachable(error: unknown): boolean {
  const data = asClientError(error)?.data;
  return asClientError(error) !== undefined && (data == null || data.httpStatus >= 500);
}

/** Problems of the input, per field, as the server's schema words them; empty if there are none. */
export function fieldErrors(error: unknown): Record<string, string[]> {
  return asClientError(error)?.data?.fields ?? {};
}

/** Whole seconds until another try is worth it, from the answer on; undefined if the server did not say. */
export function retryAfterSeconds(error: unknown): number | undefined {
  return asClientError(error)?.data?.retryAfterSeconds;
}

/** The id under which the server logged a 5xx. */
export function requestId(error: unknown): string | undefined {
  return asClientError(error)?.data?.requestId;
}
