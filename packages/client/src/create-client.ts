import type { AppRouter } from '@gatehouse/api';
import { createTRPCClient, type TRPCClient } from '@trpc/client';
import type { ContainsGatehouse } from './contains-gatehouse.ts';
import { gatehouseLinks, type LinkOptions } from './links.ts';

/** `Router`: the type of a router that contains Gatehouse's own, as made by `mergeRouters(gatehouseRouter, yours)`. */
export type GatehouseClient<Router extends ContainsGatehouse<Router> = AppRouter> = TRPCClient<Router>;

/**
 * A typed client for any app: `createClient({ url: '/trpc' }).auth.me.query()`. For a router of your own: `createClient<MyRouter>(…)`.
 * Errors are `TRPCClientError`s. Inspect them with `errorReason`, `signedOutReason` and `isUnreachable`.
 */
export function createClient<Router extends ContainsGatehouse<Router> = AppRouter>(options: LinkOptions): GatehouseClient<Router> {
  return createTRPCClient<Router>({ links: gatehouseLinks(options) });
}
