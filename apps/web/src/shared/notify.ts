import { errorReason, signedOutReason } from '@gatehouse/client';
import { notifications } from '@mantine/notifications';
import { describeFailure } from './failure.ts';

/** Long enough to notice, read and perhaps copy the message. */
const FAILURE_MS = 20_000;

export const notifyDone = (message: string): void => void notifications.show({ withBorder: true, message });

/**
 * Shows an error. `title` says what failed. Shows nothing if the user knows the reason: they cancelled the password prompt, were signed out
 * (the login page explains that), or a different user is signed in (`notifyUserChanged`).
 */
export function notifyFailure(title: string, error: unknown): void {
  const reason = errorReason(error);
  if (reason === 'REAUTHENTICATION_REQUIRED' || reason === 'USER_CHANGED' || signedOutReason(error)) return;
  notifications.show({ color: 'red', withBorder: true, autoClose: FAILURE_MS, title, message: describeFailure(error).message });
}

export const notifyUserChanged = (): void =>
  void notifications.show({
    withBorder: true,
    title: 'A different user is signed in now',
    message: 'This page now shows their account. Your last action was not performed.',
  });
