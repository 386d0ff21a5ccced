import { useMe, useSessionChanges } from '@gatehouse/client/tanstack';
import { Outlet, useMatches, useRouter } from '@tanstack/react-router';
import { lazy, Suspense, useSyncExternalStore, type ComponentType } from 'react';
import { CommandPalette } from '../../features/palette/command-palette.tsx';
import { Reauthentication } from '../../features/reauthentication/reauthentication.tsx';
import { ExpiryNotice } from '../../features/session/expiry-notice.tsx';
import { ShortcutSheet } from '../../features/shortcuts/shortcut-sheet.tsx';
import { hasShownNotification, subscribeNotifications } from '../../shared/notify.ts';
import { ForbiddenMessage } from '../forbidden-message.tsx';
import { Header } from './header.tsx';
import { InsideLayout } from './inside-layout.ts';
import { navigationItems } from './navigation-items.ts';
import classes from './signed-in-layout.module.css';

/** The first notification follows an action of the user, so its code can wait. */
const Notifications = lazy<ComponentType>(() =>
  import('../../shared/notifications.tsx').then(
    (module) => ({ default: module.Notifications }),
    // Offline. Pages show what matters themselves.
    () => ({ default: () => null }),
  ),
);

export function SignedInLayout() {
  const { data: me } = useMe();
  const router = useRouter();
  const hasNotifications = useSyncExternalStore(subscribeNotifications, hasShownNotification);
  useSessionChanges();
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
      {me && <CommandPalette key={me.user.id} pages={navigationItems(Object.values(router.routesById), me.user.role)} />}
      <ShortcutSheet />
      <Reauthentication />
      <Suspense>{hasNotifications && <Notifications />}</Suspense>
    </>
  );
}
