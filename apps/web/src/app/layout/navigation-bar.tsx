import { nprogress, NavigationProgress } from '@mantine/nprogress';
import { useRouterState } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useDelayed } from '../../shared/use-delayed.ts';

/** A line at the top while the next page is on its way, if that takes a perceptible time. For the eye: the page's own heading is read out. */
export function NavigationBar() {
  const waiting = useDelayed(useRouterState({ select: (state) => state.status === 'pending' }));
  useEffect(() => {
    if (!waiting) return;
    nprogress.start();
    return () => nprogress.complete();
  }, [waiting]);
  return <NavigationProgress aria-hidden />;
}
