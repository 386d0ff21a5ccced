import { useMe } from '@gatehouse/client/react';
import { SignOutButton } from '../../features/session/sign-out-button.tsx';
import { HomeLink } from '../../shared/home-link.tsx';
import { Navigation } from './navigation.tsx';
import classes from './header.module.css';

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
