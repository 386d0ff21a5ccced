import { useMe } from '@gatehouse/client/react';
import { Notifications } from '@mantine/notifications';
import { Outlet, useMatches } from '@tanstack/react-router';
import { AppearanceSwitch } from '../../features/appearance/appearance-switch.tsx';
import { Reauthentication } from '../../features/reauthentication/reauthentication.tsx';
import { ExpiryNotice } from '../../features/session/expiry-notice.tsx';
import { ForbiddenMessage } from '../forbidden-message.tsx';
import { Header } from './header.tsx';
import { InsideLayout } from './inside-layout.ts';
import classes from './signed-in-layout.module.css';

export function SignedInLayout() {
  const { data: me } = useMe();
  const requiredRole = useMatches({ select: (matches) => matches.findLast((match) => match.staticData.role)?.staticData.role });
  return (
    <>
      <ExpiryNotice />
      <Header />
      <main id="main" tabIndex={-1} className={classes.main}>
        {/* The key resets the page, including its forms, if the user changes. Without a user, nothing is rendered. */}
        {me && (
          <InsideLayout key={me.user.id} value={true}>
            {requiredRole && me.user.role !== requiredRole ? <ForbiddenMessage /> : <Outlet />}
          </InsideLayout>
        )}
      </main>
      <footer className={classes.footer}>
        <AppearanceSwitch />
      </footer>
      <Reauthentication />
      <Notifications position="bottom-right" />
    </>
  );
}
