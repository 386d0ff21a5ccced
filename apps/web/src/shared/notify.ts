import { errorReason, signedOutReason } from '@gatehouse/client';
import type { NotificationData } from '@mantine/notifications';
import { translator } from '../i18n/translator.ts';
import { describeFailure } from './failure.ts';

/** Long enough to notice, read and perhaps copy the message. */
const FAILURE_MS = 20_000;

let hasShown = false;
const listeners = new Set<() => void>();

/** Whether there was a notification, so that the page must have a place for them. */
export const hasShownNotification = (): boolean => hasShown;

export function subscribeNotifications(onChange: () => void): () => void {
  listeners.add(onChange);
  return () => void listeners.delete(onChange);
}

/**
 * Loaded when the first notification is shown. If loading fails, there is no notification: the page itself shows what happened as well.
 * `shared/notifications.tsx` renders them.
 */
function show(data: NotificationData): void {
  hasShown = true;
  for (const listener of listeners) listener();
  const closeButtonProps = { 'aria-label': translator('controls')('close') };
  void import('@mantine/notifications').then(
    ({ notifications }) => notifications.show({ withBorder: true, closeButtonProps, ...data }),
    () => undefined,
  );
}

/** Something was done: "Session ended." */
export const notifyDone = (message: string): void => show({ message });

/**
 * Shows an error. `title` says what failed. Shows nothing if the user knows the reason: they cancelled the password prompt, were signed out
 * (the login page explains that), or a different user is signed in (`notifyUserChanged`).
 */
export function notifyFailure(title: string, error: unknown): void {
  const reason = errorReason(error);
  if (reason === 'REAUTHENTICATION_REQUIRED' || reason === 'USER_CHANGED' || signedOutReason(error)) return;
  show({ color: 'red', autoClose: FAILURE_MS, title, message: describeFailure(error).message });
}

export function notifyUserChanged(): void {
  const t = translator('controls');
  show({ title: t('userChanged.title'), message: t('userChanged.text') });
}
