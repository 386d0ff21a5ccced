import type { AppRouter } from '@gatehouse/api';
import { isReason, SIGNED_OUT_REASONS, type Reason, type SignedOutReason } from '@gatehouse/contract';
import type { TRPCClientError } from '@trpc/client';

// By name, so that code that only describes errors, such as a sign-in page, does not load the tRPC client.
const asClientError = (error: unknown): TRPCClientError<AppRouter> | undefined =>
  error instanceof Error && error.name === 'TRPCClientError' ? (error as TRPCClientError<AppRouter>) : undefined;

/** Why the server refused the call; undefined if it gave no reason (network error, a proxy's error page, a bug). */
export function errorReason(error: unknown): Reason | undefined {
  const reason: unknown = asClientError(error)?.data?.reason;
  return isReason(reason) ? reason : undefined;
}

/**
 * The reason if the server reported that there is no session, else undefined. A wrong password, a network error or a 5xx does not
 * mean that the user is signed out.
 */
export function signedOutReason(error: unknown): SignedOutReason | undefined {
  const reason = errorReason(error);
  return reason !== undefined && SIGNED_OUT_REASONS.has(reason) ? (reason as SignedOutReason) : undefined;
}

/** The server could not handle the call: offline, a gateway's error page, a 5xx. A retry may help. The user is not signed out. */
export function isUnreachable(error: unknown): boolean {
  const data = asClientError(error)?.data;
  return asClientError(error) !== undefined && (data == null || data.httpStatus >= 500);
}

/** Validation messages per field, from the server's schema; empty if there are none. */
export function fieldErrors(error: unknown): Record<string, string[]> {
  return asClientError(error)?.data?.fields ?? {};
}

/** Seconds to wait before the next attempt, counted from the response; undefined if the server did not say. */
export function retryAfterSeconds(error: unknown): number | undefined {
  return asClientError(error)?.data?.retryAfterSeconds;
}

/** The request id in the server's log, for a 5xx. */
export function requestId(error: unknown): string | undefined {
  return asClientError(error)?.data?.requestId;
}
