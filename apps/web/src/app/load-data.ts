import { createTRPCOptionsProxy, type Gatehouse, type useTRPC } from '@gatehouse/client/tanstack';
import type { QueryKey, EnsureQueryDataOptions } from '@tanstack/react-query';

/** Data that arrives within this time is on the page when it appears. Otherwise the page appears with its skeletons. */
const WAIT_MS = 150;

type Trpc = ReturnType<typeof useTRPC>;

interface LoadOptions {
  readonly context: { readonly gatehouse: Gatehouse };
  /** The router preloads the page because the pointer is on a link. */
  readonly preload: boolean;
}

/** The second argument of `queryOptions`: preloading is not the user's activity, so it must not extend the session. */
export interface LoadCall {
  readonly trpc: { readonly context: { readonly background?: true } };
}

/**
 * The loader of a page: starts its queries, in the foreground for a navigation and in the background for preloading.
 *
 *     loader: (args) => loadData(args, (trpc, call) => [trpc.sessions.search.queryOptions(input, call)])
 *
 * It never rejects and never waits long. The page uses the same options with `useQuery`, and shows the data, its skeleton or the error.
 */
export async function loadData(
  { context: { gatehouse }, preload }: LoadOptions,
  queries: (trpc: Trpc, call: LoadCall) => ReadonlyArray<{ readonly queryKey: QueryKey }>,
): Promise<void> {
  const call: LoadCall = { trpc: { context: preload ? { background: true } : {} } };
  const started = queries(createTRPCOptionsProxy(gatehouse), call).map((options) =>
    // `queryOptions` of different procedures have different types, and here only their common part counts.
    gatehouse.queryClient.ensureQueryData(options as EnsureQueryDataOptions),
  );
  const all = Promise.allSettled(started);
  if (preload) await all;
  else await Promise.race([all, new Promise((resolve) => setTimeout(resolve, WAIT_MS))]);
}
