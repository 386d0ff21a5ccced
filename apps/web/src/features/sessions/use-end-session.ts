import { errorReason } from '@gatehouse/client';
import { useMe, useServerNow, useTRPC } from '@gatehouse/client/tanstack';
import { useMutation, useMutationState, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'use-intl/react';
import { notifyDone, notifyFailure } from '../../shared/notify.ts';
import { UNDO_MS } from '../../shared/undo-queue.ts';
import { useUndoable } from '../../shared/use-undoable.ts';

const TICK_MS = 10_000;

/** The time of the request, and of the clock tick that `isFresh` is based on. */
const SLACK_MS = TICK_MS + 5_000;

export interface EndSession {
  /** Ends a session in five seconds. If the password must be confirmed anyway, that takes the place of Undo. */
  readonly end: (handle: string) => void;
  readonly undo: (handle: string) => void;
  /** When a waiting session will be ended, by the clock of this computer; undefined if it is not waiting. */
  readonly endsAtMs: (handle: string) => number | undefined;
  /** The time for Undo is over, so the session is shown as ended. If the request fails, it comes back. */
  readonly isEnded: (handle: string) => boolean;
  /** The request is pending, or waits for the password. */
  readonly isBusy: (handle: string) => boolean;
}

/** Ends own sessions one by one, with Undo. */
export function useEndSession(): EndSession {
  const t = useTranslations('sessions');
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { data: me } = useMe();
  const now = useServerNow({ everyMs: TICK_MS });
  const undoable = useUndoable();

  const options = trpc.sessions.revoke.mutationOptions({
    // Leaving the page sends what waits, and then there is no time for batching.
    trpc: { context: { unbatched: true } },
    onSuccess: () => notifyDone(t('ended', { count: 1 })),
    onError(error) {
      if (errorReason(error) === 'NOT_FOUND') notifyDone(t('alreadyEnded'));
      else notifyFailure(t('endFailed'), error);
    },
    onSettled: () =>
      Promise.all([
        queryClient.invalidateQueries(trpc.sessions.pathFilter()),
        queryClient.invalidateQueries(trpc.account.recentActivity.queryFilter()),
      ]),
  });
  const revoke = useMutation(options);
  const revokeAfterUndo = useMutation({ ...options, meta: { ...options.meta, isAfterUndo: true } });
  const pending = useMutationState({
    filters: { mutationKey: trpc.sessions.revoke.mutationKey(), status: 'pending' },
    select: ({ state, meta }) => ({
      handle: (state.variables as { handle: string } | undefined)?.handle,
      isAfterUndo: meta?.['isAfterUndo'] === true,
    }),
  });

  const isFresh = Boolean(now && me?.session.freshUntil && me.session.freshUntil.getTime() > now.getTime() + UNDO_MS + SLACK_MS);

  return {
    end(handle) {
      if (isFresh) undoable.add(handle, () => revokeAfterUndo.mutate({ handle }));
      else revoke.mutate({ handle });
    },
    undo: undoable.undo,
    endsAtMs: (handle) => undoable.waiting().get(handle),
    isEnded: (handle) => pending.some((each) => each.handle === handle && each.isAfterUndo),
    isBusy: (handle) => pending.some((each) => each.handle === handle),
  };
}
