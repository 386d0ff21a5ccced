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
  /** Begins a sentence: "Your sessions could not be loaded." */
  readonly what: string;
  /** Of text, about as many as there will be. */
  readonly lines: number;
  readonly label: string;
  readonly children: (data: Data) => ReactNode;
}

/** A part of a page that comes from the server: what came, or why nothing came, or that it is on its way. */
export function Loaded<Data>({ query, what, lines, label, children }: LoadedProps<Data>) {
  const failure = useFailure(query);
  if (query.data !== undefined) return children(query.data);
  if (failure === null) return <Placeholder lines={lines} label={label} />;
  return <InlineFailure what={what} error={failure} busy={query.isFetching} onRetry={() => void query.refetch()} />;
}

/** TanStack Query forgets the error while it tries again; its message stays until then, and the button with the focus on it. */
function useFailure({ error, isFetching }: { error: unknown; isFetching: boolean }): unknown {
  const [shown, setShown] = useState(error);
  const now = error ?? (isFetching ? shown : null);
  if (now !== shown) setShown(now);
  return now;
}
