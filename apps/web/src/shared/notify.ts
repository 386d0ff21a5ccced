import { errorReason, signedOutReason } from '@gatehouse/client';
import { notifications } from '@mantine/notifications';
import { describeFailure } from './failure.ts';

/** To be read, and perhaps copied, by someone who was looking elsewhere. */
const FAILURE_MS = 20_000;

export const notifyDone = (message: string): void => void notifications.show({ withBorder: true, message });

/**
 * `title` says how things stand now. Nothing is said where the page says it: someone who would rather not enter their password again
 * knows why nothing happened, the login page gives the reason of a sign-out, and of another user there is a notice of its own.
 */
export function notifyFailure(title: string, error: unknown): void {
  const reason = errorReason(error);
  if (reason === 'REAUTHENTICATION_REQUIRED' || reason === 'USER_CHANGED' || signedOutReason(error)) return;
  notifications.show({ color: 'red', withBorder: true, autoClose: FAILURE_MS, title, message: describeFailure(error).message });
}

/** The page was made for another user and has been replaced. */
export const notifyUserChanged = (): void =>
  void notifications.show({
    withBorder: true,
    title: 'Someone else is signed in here now',
    message: 'This page now shows their account. What you asked for before was not done.',
  });
