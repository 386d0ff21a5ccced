import { trpc, useMe } from '@gatehouse/client/react';
import type { SessionUser } from '@gatehouse/contract';
import { ActionButton } from '../../shared/action-button.tsx';
import { Card } from '../../shared/card.tsx';
import { notifyDone, notifyFailure } from '../../shared/notify.ts';
import { pluralize } from '../../shared/pluralize.ts';
import classes from './account-actions-card.module.css';
import { DeleteAccount } from './delete-account.tsx';

/** Actions of an administrator for another user's account. */
export function AccountActionsCard({ user }: { user: SessionUser }) {
  const { data: me } = useMe();
  const queries = trpc.useUtils();
  const onSettled = () => queries.admin.invalidate();
  // Callbacks of the hook, because those of `mutate` do not run after unmounting.
  const setRole = trpc.admin.users.setRole.useMutation({
    onSuccess: (_user, { role }) => notifyDone(`${user.name} is ${role === 'admin' ? 'now' : 'no longer'} an administrator.`),
    onError: (error) => notifyFailure('The role could not be changed', error),
    onSettled,
  });
  const setStatus = trpc.admin.users.setStatus.useMutation({
    onSuccess: ({ ended }, { status }) =>
      notifyDone(
        status === 'suspended' ? `${user.name} was suspended. ${pluralize(ended, 'session')} ended.` : `${user.name} was reactivated.`,
      ),
    onError: (error) => notifyFailure('The status could not be changed', error),
    onSettled,
  });
  const unlock = trpc.admin.users.unlock.useMutation({
    onSuccess: () => notifyDone(`Sign-in was unlocked for ${user.name}.`),
    onError: (error) => notifyFailure('Sign-in could not be unlocked', error),
    onSettled,
  });
  const userId = user.id;

  if (me?.user.id === userId)
    return (
      <Card title="Actions">
        <p className={classes.own}>This is your own account. Ask another administrator to change its role or to suspend it.</p>
      </Card>
    );

  const otherRole = user.role === 'admin' ? 'user' : 'admin';
  const suspending = user.status === 'active';

  return (
    <Card title="Actions">
      <div className={classes.actions}>
        <ActionButton variant="default" onClick={() => setRole.mutate({ userId, role: otherRole })} busy={setRole.isPending}>
          {otherRole === 'admin' ? 'Make administrator' : 'Remove administrator role'}
        </ActionButton>
        <ActionButton
          variant="default"
          onClick={() => setStatus.mutate({ userId, status: suspending ? 'suspended' : 'active' })}
          busy={setStatus.isPending}
        >
          {suspending ? 'Suspend and end all sessions' : 'Reactivate'}
        </ActionButton>
        <ActionButton variant="default" onClick={() => unlock.mutate({ userId })} busy={unlock.isPending}>
          Unlock sign-in
        </ActionButton>
        <DeleteAccount user={user} />
      </div>
    </Card>
  );
}
