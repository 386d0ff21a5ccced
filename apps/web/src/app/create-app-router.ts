import type { Gatehouse } from '@gatehouse/client/tanstack';
import { createRouter } from '@tanstack/react-router';
import { routeTree } from '../routeTree.gen.ts';
import { basePath, withBasePath, withoutBasePath } from '../shared/base-path.ts';
import { ErrorPage } from './error-page.tsx';
import { NotFoundPage } from './not-found-page.tsx';
import { PendingPage } from './pending-page.tsx';
import { parseSearch, stringifySearch } from './search-params.ts';

export function createAppRouter(gatehouse: Gatehouse) {
  const router = createRouter({
    routeTree,
    basepath: basePath === '' ? '/' : basePath,
    context: {
      gatehouse,
      hasPage: (path: string): boolean =>
        router.getMatchedRoutes(new URL(withoutBasePath(path), window.location.origin).pathname)[2] !== undefined,
      openAfterNavigation(path: string): void {
        const stop = router.subscribe('onResolved', () => {
          stop();
          window.location.assign(withBasePath(withoutBasePath(path)));
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
    // Loaders run on each preload: the query client knows what is fresh.
    defaultPreloadStaleTime: 0,
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
