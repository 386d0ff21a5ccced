import { errorReason, isUnreachable, requestId, retryAfterSeconds } from '@gatehouse/client';
import { REASONS } from '@gatehouse/contract';

export interface Failure {
  readonly message: string;
  /** The id of the request in the server's log. */
  readonly requestId: string | undefined;
  /** Seconds to wait before the next attempt, if the server gave a time. */
  readonly retryAfterSeconds?: number | undefined;
}

/** A message for the user. Based on the reason of the error, never on its text. */
export function describeFailure(error: unknown): Failure {
  const reason = errorReason(error);
  if (reason === 'TOO_MANY_ATTEMPTS')
    return { message: 'Too many attempts.', requestId: undefined, retryAfterSeconds: retryAfterSeconds(error) };
  if (reason) return { message: REASONS[reason].message, requestId: requestId(error) };
  if (isUnreachable(error)) return { message: 'Gatehouse is not responding. Try again shortly.', requestId: undefined };
  return { message: REASONS.INTERNAL.message, requestId: undefined };
}

/** The server or its storage is unavailable, so a retry may help. `INTERNAL` is a bug in the server, which a retry does not fix. */
export const isServerUnavailable = (error: unknown): boolean => isUnreachable(error) && errorReason(error) !== 'INTERNAL';
