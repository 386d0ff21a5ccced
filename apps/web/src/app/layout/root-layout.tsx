import { nprogress, NavigationProgress } from '@mantine/nprogress';
import { Outlet, useRouterState } from '@tanstack/react-router';
import { useEffect, type MouseEvent } from 'react';
import { ConnectionNotice } from '../../features/connection/connection-notice.tsx';
import { useDelayed } from '../../shared/use-delayed.ts';
import classes from './root-layout.module.css';
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

/** The first stop of the Tab key. Moves the focus by script, so that the URL keeps its hash. */
function SkipLink() {
  const skip = (event: MouseEvent) => {
    event.preventDefault();
    document.getElementById('main')?.focus();
  };
  return (
    <a href="#main" onClick={skip} className={classes.skip}>
      Skip to content
    </a>
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
