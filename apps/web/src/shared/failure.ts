import { errorReason, isUnreachable, requestId, retryAfterSeconds } from '@gatehouse/client';
import { translator } from '../i18n/translator.ts';

export interface Failure {
  /** In the language of the page. */
  readonly message: string;
  /** The id of the request in the server's log. */
  readonly requestId: string | undefined;
  /** Seconds to wait before the next attempt, if the server gave a time. */
  readonly retryAfterSeconds?: number | undefined;
}

/** A message for the user. Based on the reason of the error, never on its text. Call it while rendering, not earlier: the language can change. */
export function describeFailure(error: unknown): Failure {
  const t = translator('errors');
  const reason = errorReason(error);
  if (reason === 'TOO_MANY_ATTEMPTS')
    return { message: t('tooManyAttempts'), requestId: undefined, retryAfterSeconds: retryAfterSeconds(error) };
  // A server of a later version may send a reason that this page does not know.
  if (reason) return { message: t.has(`reasons.${reason}`) ? t(`reasons.${reason}`) : t('reasons.INTERNAL'), requestId: requestId(error) };
  return { message: isUnreachable(error) ? t('unreachable') : t('reasons.INTERNAL'), requestId: undefined };
}

/** The server or its storage is unavailable, so a retry may help. `INTERNAL` is a bug in the server, which a retry does not fix. */
export const isServerUnavailable = (error: unknown): boolean => isUnreachable(error) && errorReason(error) !== 'INTERNAL';
