import { trpc, useMe } from '@gatehouse/client/react';
import type { SessionUser } from '@gatehouse/contract';
import { ActionButton } from '../../shared/action-button.tsx';
import { Card } from '../../shared/card.tsx';
import { counted } from '../../shared/counted.ts';
import { notifyDone, notifyFailure } from '../../shared/notify.ts';
import classes from './account-actions-card.module.css';
import { DeleteAccount } from './delete-account.tsx';
import { useRefreshAccounts } from './use-refresh-accounts.ts';

/** What an administrator does to an account of someone else. */
export function AccountActionsCard({ user }: { user: SessionUser }) {
  const { data: me } = useMe();
  const onSettled = useRefreshAccounts();
  // Not as callbacks of `mutate`: those are not made once this is off the screen, and how it went is told wherever one is by then.
  const setRole = trpc.admin.users.setRole.useMutation({
    onSuccess: (_user, { role }) => notifyDone(role === 'admin' ? `${user.name} is an administrator now.` : `${user.name} is a user now.`),
    onError: (error) => notifyFailure('The role was not changed', error),
    onSettled,
  });
  const setStatus = trpc.admin.users.setStatus.useMutation({
    onSuccess: ({ ended }, { status }) =>
      notifyDone(
        status === 'suspended' ? `${user.name} is suspended. ${counted(ended, 'session')} ended.` : `${user.name} can sign in again.`,
      ),
    onError: (error) => notifyFailure('The status was not changed', error),
    onSettled,
  });
  const unlock = trpc.admin.users.unlock.useMutation({
    onSuccess: () => notifyDone(`Failed sign-ins no longer slow ${user.name} down.`),
    onError: (error) => notifyFailure('Sign-in was not unlocked', error),
    onSettled,
  });
  const userId = user.id;

  if (me?.user.id === userId)
    return (
      <Card title="What you can do">
        <p className={classes.own}>This is your own account: another administrator can change its role or suspend it.</p>
      </Card>
    );

  const otherRole = user.role === 'admin' ? 'user' : 'admin';
  const suspending = user.status === 'active';

  return (
    <Card title="What you can do">
      <div className={classes.actions}>
        <ActionButton variant="default" onClick={() => setRole.mutate({ userId, role: otherRole })} busy={setRole.isPending}>
          {otherRole === 'admin' ? 'Make an administrator' : 'Make a user'}
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
