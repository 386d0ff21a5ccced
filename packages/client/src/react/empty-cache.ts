import type { QueryClient } from '@tanstack/react-query';

/**
 * Nothing of the person stays: what is on screen is emptied there and then, the rest is dropped. Nothing is asked
 * again, as it would be after `queryClient.clear()` by every page still mounted, only to be refused once more.
 */
export function emptyCache(queryClient: QueryClient): void {
  // Cancelled first: an answer that was on its way must not fill the emptied cache.
  void queryClient.cancelQueries();
  const queries = queryClient.getQueryCache();
  for (const query of queries.getAll()) {
    if (query.getObserversCount() > 0) query.reset();
    else queries.remove(query);
  }
  queryClient.getMutationCache().clear();
}
