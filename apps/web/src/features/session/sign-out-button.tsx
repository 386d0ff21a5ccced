import { useLogout } from '@gatehouse/client/react';
import { ActionButton } from '../../shared/action-button.tsx';
import { notifyFailure } from '../../shared/notify.ts';

export function SignOutButton() {
  const logout = useLogout();
  // What got no answer may have been done all the same.
  const signOut = () => logout.mutate(undefined, { onError: (error) => notifyFailure('You may still be signed in', error) });
  return (
    <ActionButton variant="default" size="sm" onClick={signOut} busy={logout.isPending}>
      Sign out
    </ActionButton>
  );
}
