import { useTRPC } from '@gatehouse/client/tanstack';
import type { TemporaryPassword, UserRow } from '@gatehouse/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { useTranslations } from 'use-intl/react';
import { notifyDone, notifyFailure } from '../../shared/notify.ts';
import { useConfirm, type ConfirmRequest } from '../../shared/use-confirm.tsx';
import { useIsMounted } from '../../shared/use-is-mounted.ts';
import { TemporaryPasswordDialog } from './temporary-password.tsx';

export interface UserAction {
  readonly ask: () => void;
  readonly busy: boolean;
}

interface UserActions extends Record<'suspend' | 'reactivate' | 'unlock' | 'setPassword' | 'endSessions' | 'remove', UserAction> {
  /** Render this. */
  readonly dialog: ReactNode;
}

/** What an administrator can do to another user's account. Each action asks first, and says what follows. */
export function useUserActions(user: UserRow): UserActions {
  const t = useTranslations('users');
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const isMounted = useIsMounted();
  const { ask, dialog } = useConfirm();
  const [password, setPassword] = useState<TemporaryPassword>();
  const { id: userId, name, username, sessions } = user;
  const onSettled = () => queryClient.invalidateQueries(trpc.admin.pathFilter());

  // Callbacks of the mutation, because those of `mutate` do not run after unmounting.
  const setStatus = useMutation(
    trpc.admin.users.setStatus.mutationOptions({
      onSuccess: ({ ended }, { status }) =>
        notifyDone(status === 'suspended' ? t('suspend.done', { name, count: ended }) : t('reactivate.done', { name })),
      onError: (error, { status }) => notifyFailure(t(status === 'suspended' ? 'suspend.failed' : 'reactivate.failed'), error),
      onSettled,
    }),
  );
  const unlock = useMutation(
    trpc.admin.users.unlock.mutationOptions({
      onSuccess: () => notifyDone(t('unlock.done', { name })),
      onError: (error) => notifyFailure(t('unlock.failed'), error),
      onSettled,
    }),
  );
  const endSessions = useMutation(
    trpc.admin.users.revokeSessions.mutationOptions({
      onSuccess: ({ ended }) => notifyDone(t('endSessions.done', { count: ended })),
      onError: (error) => notifyFailure(t('endSessions.failed'), error),
      onSettled,
    }),
  );
  const setTemporaryPassword = useMutation(
    trpc.admin.users.setTemporaryPassword.mutationOptions({
      // The answer contains the password, so it is not kept.
      gcTime: 0,
      onSuccess: setPassword,
      onError: (error) => notifyFailure(t('password.failed'), error),
      onSettled,
    }),
  );
  const remove = useMutation(
    trpc.admin.users.delete.mutationOptions({
      async onSuccess({ ended }) {
        notifyDone(t('delete.done', { name, count: ended }));
        // Leave the page before its query is reset, and replace it in the history.
        if (isMounted()) await navigate({ to: '/accounts', replace: true });
        await queryClient.resetQueries(trpc.admin.users.get.queryFilter({ userId }));
        await onSettled();
      },
      onError: (error) => notifyFailure(t('delete.failed'), error),
    }),
  );

  const action = (busy: boolean, request: () => ConfirmRequest): UserAction => ({ busy, ask: () => ask(request()) });
  return {
    suspend: action(setStatus.isPending, () => ({
      title: t('suspend.title', { name }),
      consequences: [t('suspend.signedOut', { count: sessions }), t('suspend.noSignIn'), t('suspend.kept')],
      confirmLabel: t('suspend.confirm'),
      isDestructive: true,
      onConfirm: () => setStatus.mutate({ userId, status: 'suspended' }),
    })),
    reactivate: action(setStatus.isPending, () => ({
      title: t('reactivate.title', { name }),
      consequences: [t('reactivate.canSignIn')],
      confirmLabel: t('reactivate.confirm'),
      onConfirm: () => setStatus.mutate({ userId, status: 'active' }),
    })),
    unlock: action(unlock.isPending, () => ({
      title: t('unlock.title', { name }),
      consequences: [t('unlock.why'), t('unlock.follows')],
      confirmLabel: t('unlock.confirm'),
      onConfirm: () => unlock.mutate({ userId }),
    })),
    setPassword: action(setTemporaryPassword.isPending, () => ({
      title: t('password.title', { name }),
      consequences: [t('password.oldStops'), t('password.sessionsEnd', { count: sessions }), t('password.shownOnce')],
      confirmLabel: t('password.confirm'),
      isDestructive: true,
      onConfirm: () => setTemporaryPassword.mutate({ userId }),
    })),
    endSessions: action(endSessions.isPending, () => ({
      title: t('endSessions.title', { name }),
      consequences: [t('endSessions.signedOut', { count: sessions }), t('endSessions.canSignIn')],
      confirmLabel: t('endSessions.confirm'),
      isDestructive: true,
      onConfirm: () => endSessions.mutate({ userId }),
    })),
    remove: action(remove.isPending, () => ({
      title: t('delete.title', { name }),
      consequences: [t('delete.permanent', { username }), t('delete.auditStays'), t('delete.instead')],
      confirmLabel: t('delete.confirm'),
      isDestructive: true,
      onConfirm: () => remove.mutate({ userId }),
    })),
    dialog: (
      <>
        {dialog}
        {password && (
          <TemporaryPasswordDialog
            title={t('password.doneTitle', { name })}
            username={username}
            password={password.temporaryPassword}
            ended={password.ended}
            onClose={() => setPassword(undefined)}
          />
        )}
      </>
    ),
  };
}
