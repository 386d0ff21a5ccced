import { useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';

/** Later than anything that someone waits for: what is fetched ahead must not take the first page's place on the line. */
const SETTLED_MS = 2000;

/**
 * Fetches the code of these pages once the first is there: going to one then needs no server, and works while it is away. The
 * code alone: to run their guards would ask who is signed in, and count as activity.
 */
export function useFetchAhead(paths: readonly string[]): void {
  const router = useRouter();
  const wanted = paths.join(' ');
  useEffect(() => {
    const fetchAll = async (): Promise<void> => {
      const routes = Object.values(router.routesById).filter(({ fullPath }) => wanted.split(' ').includes(fullPath as string));
      // One that cannot be had now is asked for again when someone goes there.
      await Promise.allSettled(routes.map(async (route) => router.loadRouteChunk(route)));
    };
    const timer = setTimeout(() => void fetchAll(), SETTLED_MS);
    return () => clearTimeout(timer);
  }, [router, wanted]);
}
