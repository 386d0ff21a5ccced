import { useState, type ReactNode } from 'react';
import { InlineFailure } from './inline-failure.tsx';
import { Placeholder } from './placeholder.tsx';

interface LoadedProps<Data> {
  readonly query: {
    readonly data: Data | undefined;
    readonly error: unknown;
    readonly isFetching: boolean;
    readonly refetch: () => Promise<unknown>;
  };
  /** The subject of the error message: "Your sessions" could not be loaded. */
  readonly what: string;
  /** Approximate number of lines, for the placeholder. */
  readonly lines: number;
  /** Accessible name of the placeholder. */
  readonly label: string;
  readonly children: (data: Data) => ReactNode;
}

/** Renders the data of a query, or its error, or a placeholder while it loads. */
export function Loaded<Data>({ query, what, lines, label, children }: LoadedProps<Data>) {
  const error = useLastError(query);
  if (query.data !== undefined) return children(query.data);
  if (error === null) return <Placeholder lines={lines} label={label} />;
  return <InlineFailure what={what} error={error} busy={query.isFetching} onRetry={() => void query.refetch()} />;
}

/** TanStack Query clears the error during a retry. Keeps it, so that the message and its focused button stay on screen. */
function useLastError({ error, isFetching }: { error: unknown; isFetching: boolean }): unknown {
  const [lastError, setLastError] = useState(error);
  const current = error ?? (isFetching ? lastError : null);
  if (current !== lastError) setLastError(current);
  return current;
}
