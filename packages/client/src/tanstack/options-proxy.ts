import type { AppRouter } from '@gatehouse/api';
import { createTRPCOptionsProxy as createProxy, type TRPCOptionsProxy } from '@trpc/tanstack-react-query';
import type { ContainsGatehouse } from '../contains-gatehouse.ts';
import type { Gatehouse } from '../react/create-gatehouse.ts';
import { useGatehouse } from '../react/gatehouse-context.ts';

/** One proxy for each Gatehouse, so that `useTRPC` returns the same object in every render and component. */
const proxies = new WeakMap<object, unknown>();

/**
 * The option proxies of `@trpc/tanstack-react-query`, for use outside components, for example in the loaders of TanStack Router:
 *
 *     const trpc = createTRPCOptionsProxy(gatehouse);
 *     loader: () => gatehouse.queryClient.ensureQueryData(trpc.sessions.list.queryOptions())
 */
export function createTRPCOptionsProxy<Router extends ContainsGatehouse<Router>>(gatehouse: Gatehouse<Router>): TRPCOptionsProxy<Router> {
  const known = proxies.get(gatehouse);
  if (known) return known as TRPCOptionsProxy<Router>;
  const proxy = createProxy<Router>({ client: gatehouse.trpcClient, queryClient: gatehouse.queryClient });
  proxies.set(gatehouse, proxy);
  return proxy;
}

/**
 * The same in a component: `useQuery(useTRPC().sessions.list.queryOptions())`. For a router of your own, bind the type once:
 * `export const useTRPC = createUseTRPC<MyRouter>()`.
 */
export const createUseTRPC =
  <Router extends ContainsGatehouse<Router> = AppRouter>(): (() => TRPCOptionsProxy<Router>) =>
  () =>
    createTRPCOptionsProxy(useGatehouse<Router>());

export const useTRPC = createUseTRPC();
