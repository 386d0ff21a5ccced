import { nprogress, NavigationProgress } from '@mantine/nprogress';
import { Outlet, useRouterState } from '@tanstack/react-router';
import { useEffect } from 'react';
import { ConnectionNotice } from '../../features/connection/connection-notice.tsx';
import { SkipLink } from '../../shared/skip-link.tsx';
import { useDelayed } from '../../shared/use-delayed.ts';
import { useFocusRecovery } from './use-focus-recovery.ts';

export function RootLayout() {
  useFocusRecovery();
  return (
    <>
      <SkipLink />
      <NavigationBar />
      <ConnectionNotice />
      <Outlet />
    </>
  );
}

/** Progress bar for slow navigations. Hidden from screen readers, which read the heading of the new page. */
function NavigationBar() {
  const waiting = useDelayed(useRouterState({ select: (state) => state.status === 'pending' }));
  useEffect(() => {
    if (!waiting) return;
    nprogress.start();
    return () => nprogress.complete();
  }, [waiting]);
  return <NavigationProgress aria-hidden />;
}
