import type { AppRouter } from '@gatehouse/api';
import { createTRPCClient, type TRPCClient } from '@trpc/client';
import { gatehouseLinks, type LinkOptions } from './links.ts';

export type GatehouseClient = TRPCClient<AppRouter>;

/**
 * A typed client for any app: `createClient({ url: '/trpc' }).auth.me.query()`.
 * Errors are `TRPCClientError`s. Inspect them with `errorReason`, `signedOutReason` and `isUnreachable`.
 */
export const createClient = (options: LinkOptions): GatehouseClient => createTRPCClient<AppRouter>({ links: gatehouseLinks(options) });
