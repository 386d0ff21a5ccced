import { createRootRouteWithContext, Outlet } from '@tanstack/react-router';
import type { RouterContext } from '../app/router-context.ts';
import { NavigationBar } from '../app/layout/navigation-bar.tsx';
import { SkipLink } from '../app/layout/skip-link.tsx';
import { useKeptFocus } from '../app/layout/use-kept-focus.ts';
import { ConnectionNotice } from '../features/connection/connection-notice.tsx';

export const Route = createRootRouteWithContext<RouterContext>()({
  component: Root,
});

function Root() {
  useKeptFocus();
  return (
    <>
      <SkipLink />
      <NavigationBar />
      <ConnectionNotice />
      <Outlet />
    </>
  );
}
