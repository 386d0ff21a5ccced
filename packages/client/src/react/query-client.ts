import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { isUnreachable } from '../errors.ts';

const RETRIES = 3;

/** `onError` hears of every failed query and mutation, once its retries are spent. */
export function createQueryClient(onError: (error: unknown) => void): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        // A refusal stays a refusal; a server that is away may come back. 1 s, 2 s, 4 s between tries.
        retry: (failures, error) => failures < RETRIES && isUnreachable(error),
        // Going from page to page asks once, not once a page.
        staleTime: 10_000,
      },
      mutations: {
        retry: false,
        // Offline, a form says so at once; it does not send itself later, when nobody expects it.
        networkMode: 'always',
        // What was sent may be a password.
        gcTime: 0,
      },
    },
  });
}
