import { useTRPC } from '@gatehouse/client/tanstack';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl/react';
import { notifyDone, notifyFailure } from '../../shared/notify.ts';
import { useConfirm } from '../../shared/use-confirm.tsx';

interface EndMany {
  readonly askToEnd: (handles: readonly string[]) => void;
  /** `count`: how many sessions there are beside the current one. */
  readonly askToEndOthers: (count: number) => void;
  readonly isEndingMany: boolean;
  readonly isEndingOthers: boolean;
  /** Render this. */
  readonly dialog: ReactNode;
}

/** Ends several own sessions at once. Asks first, and says how many. */
export function useEndMany({ onEnded }: { readonly onEnded: () => void }): EndMany {
  const t = useTranslations('sessions');
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { ask, dialog } = useConfirm();
  const onSettled = () =>
    Promise.all([
      queryClient.invalidateQueries(trpc.sessions.pathFilter()),
      queryClient.invalidateQueries(trpc.account.recentActivity.queryFilter()),
    ]);
  const endMany = useMutation(
    trpc.sessions.revokeMany.mutationOptions({
      onSuccess({ ended }) {
        onEnded();
        notifyDone(t('ended', { count: ended }));
      },
      onError: (error) => notifyFailure(t('manyFailed'), error),
      onSettled,
    }),
  );
  const endOthers = useMutation(
    trpc.sessions.revokeOthers.mutationOptions({
      onSuccess({ ended }) {
        onEnded();
        notifyDone(t('othersEnded', { count: ended }));
      },
      onError: (error) => notifyFailure(t('othersFailed'), error),
      onSettled,
    }),
  );
  return {
    askToEnd: (handles) =>
      ask({
        title: t('confirmMany.title', { count: handles.length }),
        consequences: [t('confirmMany.signedOut'), t('confirmMany.final')],
        confirmLabel: t('endSelected', { count: handles.length }),
        isDestructive: true,
        onConfirm: () => endMany.mutate({ handles: [...handles] }),
      }),
    askToEndOthers: (count) =>
      ask({
        title: t('confirmOthers.title', { count }),
        consequences: [t('confirmMany.signedOut'), t('confirmOthers.stays')],
        confirmLabel: t('confirmOthers.confirm', { count }),
        isDestructive: true,
        onConfirm: () => endOthers.mutate(),
      }),
    isEndingMany: endMany.isPending,
    isEndingOthers: endOthers.isPending,
    dialog,
  };
}
