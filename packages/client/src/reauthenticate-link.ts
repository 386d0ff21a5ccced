import type { AppRouter } from '@gatehouse/api';
import type { TRPCLink } from '@trpc/client';
import { observable, type Unsubscribable } from '@trpc/server/observable';
import { errorReason } from './errors.ts';

/** Asks the person for the password and re-authenticates; false: they would rather not. */
export type AskForPassword = () => Promise<boolean>;

/**
 * A call that is refused because the password was entered too long ago waits until it has been entered again, and then goes on as
 * it was asked: its caller sees one call that took a while. Calls that are refused together share one question. One that
 * is refused a second time, or whose question was declined, fails with `REAUTHENTICATION_REQUIRED`.
 */
export function reauthenticateLink(ask: AskForPassword): TRPCLink<AppRouter> {
  let asking: Promise<boolean> | undefined;

  const askOnce: AskForPassword = () =>
    (asking ??= ask().finally(() => {
      asking = undefined;
    }));

  return () =>
    ({ op, next }) =>
      observable((observer) => {
        let cancelled = false;
        let running: Unsubscribable | undefined;
        const refuse: (typeof observer)['error'] = (error) => observer.error(error);
        const send = (onStale: (typeof observer)['error']): void => {
          running = next(op).subscribe({
            next: (value) => observer.next(value),
            complete: () => observer.complete(),
            error: (error) => (errorReason(error) === 'REAUTHENTICATION_REQUIRED' ? onStale(error) : refuse(error)),
          });
        };
        const askAndGoOn = async (refusal: Parameters<typeof refuse>[0]): Promise<void> => {
          const entered = await askOnce().catch(() => false);
          if (cancelled) return;
          if (entered) send(refuse);
          else refuse(refusal);
        };
        send((refusal) => void askAndGoOn(refusal));
        return () => {
          cancelled = true;
          running?.unsubscribe();
        };
      });
}
