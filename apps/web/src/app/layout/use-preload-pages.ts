import { useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';
import { loadMessages } from '../../i18n/language-store.ts';

/** Preloading must not compete with the requests of the current page. */
const DELAY_MS = 2000;

/**
 * Loads the code of these pages in the background, so that navigation works even while the server is unavailable. Loads only the code:
 * running the guards would make requests.
 */
export function usePreloadPages(paths: readonly string[]): void {
  const router = useRouter();
  const joinedPaths = paths.join(' ');
  useEffect(() => {
    const preloadAll = async (): Promise<void> => {
      const routes = Object.values(router.routesById).filter(({ fullPath }) => joinedPaths.split(' ').includes(fullPath as string));
      if (routes.some(({ options }) => options.staticData?.role === 'admin')) await loadMessages('administration').catch(() => undefined);
      for (const route of routes) {
        // One after the other, so that the page stays quick to respond.
        // oxlint-disable-next-line no-await-in-loop
        await idle();
        // If loading fails, navigation to the page tries again.
        // oxlint-disable-next-line no-await-in-loop
        await Promise.resolve(router.loadRouteChunk(route)).catch(() => undefined);
      }
    };
    const timer = setTimeout(() => void preloadAll(), DELAY_MS);
    return () => clearTimeout(timer);
  }, [router, joinedPaths]);
}

/** Safari has no requestIdleCallback. */
const idle = (): Promise<unknown> =>
  new Promise((resolve) => {
    if ('requestIdleCallback' in window) requestIdleCallback(resolve, { timeout: DELAY_MS });
    else setTimeout(resolve, 200);
  });
