import type { AppRouter } from '@gatehouse/api';
import { createTRPCReact } from '@trpc/react-query';
import type { inferRouterOutputs } from '@trpc/server';

/** Typed hooks for every procedure: `trpc.account.recentActivity.useQuery()`. */
export const trpc = createTRPCReact<AppRouter>();

/** The raw result of `auth.me`, in which dates are strings. */
export type WireMe = inferRouterOutputs<AppRouter>['auth']['me'];
