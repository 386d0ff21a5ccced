import type { AppRouter } from '@gatehouse/api';
import type { inferRouterOutputs } from '@trpc/server';

/** What `auth.me` answers, undecoded: its dates are text. */
export type WireMe = inferRouterOutputs<AppRouter>['auth']['me'];
