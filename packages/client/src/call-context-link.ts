import type { AppRouter } from '@gatehouse/api';
import { BACKGROUND_HEADER, BACKGROUND_HEADER_VALUE, USER_HEADER } from '@gatehouse/contract';
import type { Operation, TRPCLink } from '@trpc/client';
import { observable } from '@trpc/server/observable';
import { errorReason } from './errors.ts';

/** The context of a single call: `client.auth.me.query(undefined, { context: { background: true } })`. */
export interface CallContext {
  /** The id of the user that the call is made for. @default CallContextOptions.userId */
  readonly userId?: string | undefined;
  /** The user did not cause this call, so it is no activity. Ignored for mutations. @default CallContextOptions.isBackground */
  readonly background?: boolean | undefined;
  /**
   * Sends the call on its own and immediately, instead of with the other calls of this moment. A page that is about to be closed runs no
   * timers any more, and batching needs one. @default false
   */
  readonly unbatched?: boolean | undefined;
}

export interface CallContextOptions {
  /** The id of the user that new calls are made for. Without it, a call runs as the user who is signed in. */
  readonly userId?: (() => string | undefined) | undefined;
  /** Whether new queries are background calls. @default () => false */
  readonly isBackground?: (() => boolean) | undefined;
  /** A call for this user was refused with `USER_CHANGED`, because a different user is signed in now. */
  readonly onUserChanged?: ((userId: string) => void) | undefined;
}

/**
 * Adds the user and the background flag to each call when it is made. It may be sent later, in a batch or after a password prompt,
 * when a different user is signed in.
 */
export const callContextLink =
  ({ userId, isBackground, onUserChanged }: CallContextOptions): TRPCLink<AppRouter> =>
  () =>
  ({ op, next }) => {
    const given = op.context as CallContext;
    const context: CallContext = {
      userId: given.userId ?? userId?.(),
      background: op.type === 'query' && (given.background ?? isBackground?.() ?? false),
    };
    return observable((observer) =>
      next({ ...op, context: { ...op.context, ...context } }).subscribe({
        next: (value) => observer.next(value),
        complete: () => observer.complete(),
        error(error) {
          if (context.userId !== undefined && errorReason(error) === 'USER_CHANGED') onUserChanged?.(context.userId);
          observer.error(error);
        },
      }),
    );
  };

/** The context as headers. Only calls with the same headers can share a request. */
export function callContextHeaders({ context }: Pick<Operation, 'context'>): Record<string, string> {
  const { userId, background } = context as CallContext;
  return {
    ...(userId !== undefined && { [USER_HEADER]: userId }),
    ...(background && { [BACKGROUND_HEADER]: BACKGROUND_HEADER_VALUE }),
  };
}
