import { createRootRouteWithContext, Outlet } from '@tanstack/react-router';
import type { RouterContext } from '../app/create-app-router.ts';
import { NavigationBar } from '../app/layout/navigation-bar.tsx';
import { SkipLink } from '../app/layout/skip-link.tsx';
import { ConnectionNotice } from '../features/connection/connection-notice.tsx';

export const Route = createRootRouteWithContext<RouterContext>()({
  component: () => (
    <>
      <SkipLink />
      <NavigationBar />
      <ConnectionNotice />
      <Outlet />
    </>
  ),
});
