import type { Gatehouse } from '@gatehouse/client/react';
import { createRouter } from '@tanstack/react-router';
import { routeTree } from '../routeTree.gen.ts';
import { ErrorPage } from './error-page.tsx';
import { NotFoundPage } from './not-found-page.tsx';
import { PendingPage } from './pending-page.tsx';
import { parseSearch, stringifySearch } from './search-params.ts';

export function createAppRouter(gatehouse: Gatehouse) {
  const router = createRouter({
    routeTree,
    context: {
      gatehouse,
      hasPage: (path: string): boolean => router.getMatchedRoutes(new URL(path, window.location.origin).pathname)[2] !== undefined,
      openAfterNavigation(path: string): void {
        const stop = router.subscribe('onResolved', () => {
          stop();
          window.location.assign(path);
        });
      },
    },
    defaultErrorComponent: ErrorPage,
    defaultNotFoundComponent: NotFoundPage,
    defaultPendingComponent: PendingPage,
    // Do not flash the pending page: show it only after a delay, and then long enough to be seen.
    defaultPendingMs: 200,
    defaultPendingMinMs: 300,
    defaultPreload: 'intent',
    scrollRestoration: true,
    parseSearch,
    stringifySearch,
  });
  return router;
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
