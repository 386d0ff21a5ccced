import { MutationCache, QueryCache, QueryClient, type Query } from '@tanstack/react-query';
import { errorReason, isUnreachable } from '../errors.ts';

const RETRIES = 3;

export interface QueryClientOptions {
  /** Hears of every failed query and mutation, once its retries are spent. */
  readonly onError: (error: unknown) => void;
  /** Hears of every answer to a query. */
  readonly onAnswer: (queryKey: readonly unknown[], data: unknown) => void;
}

export function createQueryClient({ onError, onAnswer }: QueryClientOptions): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({
      onSuccess: (data, query) => onAnswer(query.queryKey, data),
      onError(error, query) {
        if (isRefusal(error)) dropData(query);
        onError(error);
      },
    }),
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

/** It is not there any more, or not for this account any more. */
const isRefusal = (error: unknown): boolean => {
  const reason = errorReason(error);
  return reason === 'NOT_FOUND' || reason === 'ROLE_REQUIRED';
};

/** TanStack Query keeps what it has when a refetch fails: right for a network error, wrong for what was deleted or taken away. */
const dropData = (query: Query<unknown, unknown>): void => query.setState({ ...query.state, data: undefined, dataUpdatedAt: 0 });
