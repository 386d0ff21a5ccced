import { errorReason, isUnreachable, requestId, retryAfterSeconds } from '@gatehouse/client';
import { REASONS } from '@gatehouse/contract';

export interface Failure {
  readonly message: string;
  /** Under which the server's log has more; for a report to whoever runs it. */
  readonly requestId: string | undefined;
  /** When another try is worth it, if the server said so. */
  readonly retryAfterSeconds?: number | undefined;
}

/** What to tell a person of an error: by its reason, never by its text. */
export function describeFailure(error: unknown): Failure {
  const reason = errorReason(error);
  if (reason === 'TOO_MANY_ATTEMPTS')
    return { message: 'Too many attempts.', requestId: undefined, retryAfterSeconds: retryAfterSeconds(error) };
  if (reason) return { message: REASONS[reason].message, requestId: requestId(error) };
  if (isUnreachable(error)) return { message: 'Gatehouse does not answer at the moment. Try again shortly.', requestId: undefined };
  return { message: REASONS.INTERNAL.message, requestId: undefined };
}
