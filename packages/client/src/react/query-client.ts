import { MutationCache, QueryCache, QueryClient, type Query } from '@tanstack/react-query';
import { errorReason, isUnreachable } from '../errors.ts';

const RETRIES = 3;

export interface QueryClientOptions {
  /** Called for every query and mutation that failed, after its last retry. */
  readonly onError: (error: unknown) => void;
  /** Called for every successful query. */
  readonly onSuccess: (queryKey: readonly unknown[], data: unknown) => void;
}

export function createQueryClient({ onError, onSuccess }: QueryClientOptions): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({
      onSuccess: (data, query) => onSuccess(query.queryKey, data),
      onError(error, query) {
        if (isRefusal(error)) dropData(query);
        onError(error);
      },
    }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        // Retrying helps if the server is unavailable, not if it refused. TanStack Query waits 1, 2 and 4 seconds.
        retry: (failures, error) => failures < RETRIES && isUnreachable(error),
        // Navigating between pages does not repeat every query.
        staleTime: 10_000,
      },
      mutations: {
        retry: false,
        // Offline, a form fails immediately instead of being submitted later without the user's knowledge.
        networkMode: 'always',
        // The variables may contain a password.
        gcTime: 0,
      },
    },
  });
}

/** The resource is gone, or the user lost access to it. */
const isRefusal = (error: unknown): boolean => {
  const reason = errorReason(error);
  return reason === 'NOT_FOUND' || reason === 'ROLE_REQUIRED';
};

/** TanStack Query keeps the data when a refetch fails. That is right for a network error, but not for data that was deleted or is now forbidden. */
const dropData = (query: Query<unknown, unknown>): void => query.setState({ ...query.state, data: undefined, dataUpdatedAt: 0 });
