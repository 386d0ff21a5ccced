import { useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';

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
      // If loading fails, navigation to the page tries again.
      await Promise.allSettled(routes.map(async (route) => router.loadRouteChunk(route)));
    };
    const timer = setTimeout(() => void preloadAll(), DELAY_MS);
    return () => clearTimeout(timer);
  }, [router, joinedPaths]);
}
