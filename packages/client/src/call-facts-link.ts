import type { AppRouter } from '@gatehouse/api';
import { BACKGROUND_HEADER, BACKGROUND_HEADER_VALUE, USER_HEADER } from '@gatehouse/contract';
import type { Operation, TRPCLink } from '@trpc/client';
import { observable } from '@trpc/server/observable';
import { errorReason } from './errors.ts';

/** What one call may say of itself: `client.auth.me.query(undefined, { context: { background: true } })`. */
export interface CallFacts {
  /** The id of the user that it is made for. Default: `CallFactsOptions.userId`. */
  readonly userId?: string | undefined;
  /** No person caused it, so it is no activity. Heeded for queries: a mutation is an act. Default: `CallFactsOptions.isBackground`. */
  readonly background?: boolean | undefined;
}

export interface CallFactsOptions {
  /** The id of the user that a call which is made now is made for. Default: none, the call is made for whoever is signed in. */
  readonly userId?: (() => string | undefined) | undefined;
  /** Whether a query that is made now is caused by no person. Default: every one is caused by a person. */
  readonly isBackground?: (() => boolean) | undefined;
  /** A call that was made for this user was refused, because another is signed in by now. The call fails with `USER_CHANGED`. */
  readonly onUserChanged?: ((userId: string) => void) | undefined;
}

/**
 * Notes on each call for whom it is made and whether a person caused it, at the moment that it is made: it may be sent later, in a
 * batch or once a password was entered, when someone else is signed in.
 */
export const callFactsLink =
  ({ userId, isBackground, onUserChanged }: CallFactsOptions): TRPCLink<AppRouter> =>
  () =>
  ({ op, next }) => {
    const given = op.context as CallFacts;
    const facts: CallFacts = {
      userId: given.userId ?? userId?.(),
      background: op.type === 'query' && (given.background ?? isBackground?.() ?? false),
    };
    return observable((observer) =>
      next({ ...op, context: { ...op.context, ...facts } }).subscribe({
        next: (value) => observer.next(value),
        complete: () => observer.complete(),
        error(error) {
          if (facts.userId !== undefined && errorReason(error) === 'USER_CHANGED') onUserChanged?.(facts.userId);
          observer.error(error);
        },
      }),
    );
  };

/** The headers that say so. Calls share a request only if these are the same. */
export function callFactsHeaders({ context }: Pick<Operation, 'context'>): Record<string, string> {
  const { userId, background } = context as CallFacts;
  return {
    ...(userId !== undefined && { [USER_HEADER]: userId }),
    ...(background && { [BACKGROUND_HEADER]: BACKGROUND_HEADER_VALUE }),
  };
}
