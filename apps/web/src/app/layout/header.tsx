import { useMe } from '@gatehouse/client/react';
import { Link } from '@tanstack/react-router';
import { SignOutButton } from '../../features/session/sign-out-button.tsx';
import { Brand } from '../../shared/brand.tsx';
import { Navigation } from './navigation.tsx';
import classes from './header.module.css';

export function Header() {
  return (
    <header className={classes.header}>
      <div className={classes.bar}>
        <Link to="/" className={classes.home} aria-label="Gatehouse, to the start page">
          <Brand />
        </Link>
        <Navigation />
        <div className={classes.account}>
          <span className={classes.name}>{useMe().data?.user.name}</span>
          <SignOutButton />
        </div>
      </div>
    </header>
  );
}
