import { useLogout } from '@gatehouse/client/react';
import { notifications } from '@mantine/notifications';
import { ActionButton } from '../../shared/action-button.tsx';
import { describeFailure } from '../../shared/failure.ts';

export function SignOutButton() {
  const logout = useLogout();
  const signOut = () =>
    logout.mutate(undefined, {
      onError: (error) =>
        notifications.show({ color: 'red', withBorder: true, title: 'You are still signed in', message: describeFailure(error).message }),
    });
  return (
    <ActionButton variant="default" size="sm" onClick={signOut} busy={logout.isPending}>
      Sign out
    </ActionButton>
  );
}
