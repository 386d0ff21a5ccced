import { useLogout, useMe } from '@gatehouse/client/tanstack';
import { useTranslations } from 'use-intl/react';
import { PaletteButton } from '../../features/palette/palette-button.tsx';
import { PreferencesMenu } from '../../features/preferences/preferences-menu.tsx';
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
          <PaletteButton />
          <PreferencesMenu />
          <SignOutButton />
        </div>
      </div>
    </header>
  );
}

function SignOutButton() {
  const t = useTranslations('shell');
  const logout = useLogout();
  // "May", because a request without a response may still have succeeded.
  const signOut = () => logout.mutate(undefined, { onError: (error) => notifyFailure(t('signOutFailed'), error) });
  return (
    <ActionButton variant="default" size="sm" onClick={signOut} busy={logout.isPending}>
      {t('signOut')}
    </ActionButton>
  );
}
