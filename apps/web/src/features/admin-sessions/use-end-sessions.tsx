import { useTRPC } from '@gatehouse/client/tanstack';
import type { OwnedSession } from '@gatehouse/contract';
import { useMutation, useMutationState, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl/react';
import { useFormats } from '../../i18n/use-formats.ts';
import { notifyDone, notifyFailure } from '../../shared/notify.ts';
import { useConfirm } from '../../shared/use-confirm.tsx';
import { useDescribeSession } from './session-columns.tsx';

/** More names make the question too long to read. */
const MAX_NAMES = 5;

export interface EndSessions {
  readonly ask: (sessions: readonly OwnedSession[]) => void;
  readonly isBusy: (handle: string) => boolean;
  /** Render this. */
  readonly dialog: ReactNode;
}

/** Ends sessions of any users. Asks first, and says whose. */
export function useEndSessions({ onEnded }: { readonly onEnded?: () => void } = {}): EndSessions {
  const t = useTranslations('adminSessions');
  const shared = useTranslations('sessions');
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { list } = useFormats();
  const describe = useDescribeSession();
  const { ask, dialog } = useConfirm();
  const end = useMutation(
    trpc.admin.sessions.revokeMany.mutationOptions({
      onSuccess({ ended }) {
        notifyDone(t('ended', { count: ended }));
        onEnded?.();
      },
      onError: (error, { handles }) => notifyFailure(t('endFailed', { count: handles.length }), error),
      onSettled: () => queryClient.invalidateQueries(trpc.admin.pathFilter()),
    }),
  );
  const pending = useMutationState({
    filters: { mutationKey: trpc.admin.sessions.revokeMany.mutationKey(), status: 'pending' },
    select: ({ state }) => (state.variables as { handles: readonly string[] } | undefined)?.handles ?? [],
  }).flat();

  const whose = (sessions: readonly OwnedSession[]): string => {
    const [first] = sessions;
    if (first && sessions.length === 1) return t('confirm.which', { row: describe(first) });
    const names = [...new Set(sessions.map(({ user }) => user?.name ?? t('anonymous')))];
    const more = names.length - MAX_NAMES;
    return t('confirm.users', { names: list(more > 1 ? [...names.slice(0, MAX_NAMES), t('confirm.more', { count: more })] : names) });
  };

  return {
    ask(sessions) {
      const count = sessions.length;
      ask({
        title: count === 1 ? t('confirm.one') : t('confirm.many', { count }),
        consequences: [whose(sessions), t('confirm.signedOut', { count }), t('confirm.canSignIn')],
        confirmLabel: count === 1 ? shared('endOne') : t('endSelected', { count }),
        isDestructive: true,
        onConfirm: () => end.mutate({ handles: sessions.map(({ handle }) => handle) }),
      });
    },
    isBusy: (handle) => pending.includes(handle),
    dialog,
  };
}
