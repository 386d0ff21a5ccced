import { useLogout } from '@gatehouse/client/react';
import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { describeFailure } from '../../shared/failure.ts';
import { useDelayed } from '../../shared/use-delayed.ts';

export function SignOutButton() {
  const logout = useLogout();
  const slow = useDelayed(logout.isPending);
  const signOut = () => {
    if (logout.isPending) return;
    logout.mutate(undefined, {
      onError: (error) =>
        notifications.show({ color: 'red', withBorder: true, title: 'You are still signed in', message: describeFailure(error).message }),
    });
  };
  return (
    <Button variant="default" size="sm" onClick={signOut} loading={slow}>
      Sign out
    </Button>
  );
}
