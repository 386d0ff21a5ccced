import type { AppRouter } from '@gatehouse/api';
import type { TRPCLink } from '@trpc/client';
import { observable, type Unsubscribable } from '@trpc/server/observable';
import { errorReason } from './errors.ts';

/** Asks the user for the password and re-authenticates. Returns false if the user cancelled. */
export type AskForPassword = () => Promise<boolean>;

/**
 * When a call requires a recent password, asks for it and then repeats the call. The caller sees a single call that took longer. Calls
 * that are refused at the same time share one prompt. If the user cancels, or the repeated call is refused as well, the call fails with
 * `REAUTHENTICATION_REQUIRED`.
 */
export function reauthenticateLink(ask: AskForPassword): TRPCLink<AppRouter> {
  let prompt: Promise<boolean> | undefined;

  const askOnce: AskForPassword = () =>
    (prompt ??= ask().finally(() => {
      prompt = undefined;
    }));

  return () =>
    ({ op, next }) =>
      observable((observer) => {
        let cancelled = false;
        let subscription: Unsubscribable | undefined;
        const fail: (typeof observer)['error'] = (error) => observer.error(error);
        const send = (onRefused: (typeof observer)['error']): void => {
          subscription = next(op).subscribe({
            next: (value) => observer.next(value),
            complete: () => observer.complete(),
            error: (error) => (errorReason(error) === 'REAUTHENTICATION_REQUIRED' ? onRefused(error) : fail(error)),
          });
        };
        const askAndRetry = async (refusal: Parameters<typeof fail>[0]): Promise<void> => {
          const entered = await askOnce().catch(() => false);
          if (cancelled) return;
          if (entered) send(fail);
          else fail(refusal);
        };
        send((refusal) => void askAndRetry(refusal));
        return () => {
          cancelled = true;
          subscription?.unsubscribe();
        };
      });
}
