import { useState, type ReactNode } from 'react';
import { InlineFailure } from './inline-failure.tsx';
import { Placeholder } from './placeholder.tsx';

/** The part of a query that `Loaded` needs; every `useQuery` and `useInfiniteQuery` has it. */
export interface LoadedQuery<Data> {
  readonly data: Data | undefined;
  readonly error: unknown;
  readonly isFetching: boolean;
  readonly refetch: () => Promise<unknown>;
}

interface LoadedProps<Data> {
  readonly query: LoadedQuery<Data>;
  /** A sentence for the error message: "Your sessions could not be loaded." */
  readonly failed: string;
  /** Accessible name of the placeholder: "Loading your sessions". */
  readonly label: string;
  /** Approximate number of lines, for the placeholder. @default 4 */
  readonly lines?: number;
  /** In place of placeholder lines, for content of another shape. It must have the accessible name `label`. */
  readonly skeleton?: ReactNode;
  readonly children: (data: Data) => ReactNode;
}

/** Renders the data of a query, or its error with a retry, or a placeholder while it loads. */
export function Loaded<Data>({ query, failed, label, lines = 4, skeleton, children }: LoadedProps<Data>) {
  const error = useLastError(query);
  if (query.data !== undefined) return children(query.data);
  if (error === null) return skeleton ?? <Placeholder lines={lines} label={label} />;
  return <InlineFailure failed={failed} error={error} busy={query.isFetching} onRetry={() => void query.refetch()} />;
}

/** TanStack Query clears the error during a retry. Keeps it, so that the message and its focused button stay on screen. */
export function useLastError({ error, isFetching }: Pick<LoadedQuery<unknown>, 'error' | 'isFetching'>): unknown {
  const [lastError, setLastError] = useState(error);
  const current = error ?? (isFetching ? lastError : null);
  if (current !== lastError) setLastError(current);
  return current;
}
