import type { QueryClient } from '@tanstack/react-query';

/**
 * Removes all data of the user: resets the queries on screen and removes the rest. Unlike `queryClient.clear()`, this does not make
 * mounted components refetch, which the server would refuse.
 */
export function emptyCache(queryClient: QueryClient): void {
  // Cancel first, so that a pending response does not fill the cache again.
  void queryClient.cancelQueries();
  const queries = queryClient.getQueryCache();
  for (const query of queries.getAll()) {
    if (query.getObserversCount() > 0) query.reset();
    else queries.remove(query);
  }
  queryClient.getMutationCache().clear();
}
