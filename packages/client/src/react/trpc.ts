import type { AppRouter } from '@gatehouse/api';
import { createTRPCReact as createHooks, type CreateTRPCReact } from '@trpc/react-query';
import type { ContainsGatehouse } from '../contains-gatehouse.ts';

/**
 * Typed hooks of `@trpc/react-query` for a router that contains Gatehouse's: `export const trpc = createTRPCReact<MyRouter>()`. They
 * work within `GatehouseProvider`.
 */
export const createTRPCReact = <Router extends ContainsGatehouse<Router> = AppRouter>(): CreateTRPCReact<Router, unknown> =>
  createHooks<Router>();

/** Typed hooks for every procedure: `trpc.account.recentActivity.useQuery()`. */
export const trpc = createTRPCReact();
