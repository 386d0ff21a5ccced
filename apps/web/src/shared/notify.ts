import { errorReason } from '@gatehouse/client';
import { notifications } from '@mantine/notifications';
import { describeFailure } from './failure.ts';

export const notifyDone = (message: string): void => void notifications.show({ withBorder: true, message });

/** `title` says how things stand now. Someone who would rather not enter their password again knows why nothing happened. */
export function notifyFailure(title: string, error: unknown): void {
  if (errorReason(error) === 'REAUTHENTICATION_REQUIRED') return;
  notifications.show({ color: 'red', withBorder: true, title, message: describeFailure(error).message });
}
