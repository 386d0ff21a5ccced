import { useLogout, useMe } from '@gatehouse/client/react';
import { ActionButton } from '../../shared/action-button.tsx';
import { HomeLink } from '../../shared/home-link.tsx';
import { notifyFailure } from '../../shared/notify.ts';
import classes from './header.module.css';
import { Navigation } from './navigation.tsx';

export function Header() {
  return (
    <header className={classes.header}>
      <div className={classes.bar}>
        <HomeLink />
        <Navigation />
        <div className={classes.account}>
          <span className={classes.name}>{useMe().data?.user.name}</span>
          <SignOutButton />
        </div>
      </div>
    </header>
  );
}

function SignOutButton() {
  const logout = useLogout();
  // "May", because a request without a response may still have succeeded.
  const signOut = () => logout.mutate(undefined, { onError: (error) => notifyFailure('You may still be signed in', error) });
  return (
    <ActionButton variant="default" size="sm" onClick={signOut} busy={logout.isPending}>
      Sign out
    </ActionButton>
  );
}
