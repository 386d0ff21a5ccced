import type { AppRouter } from '@gatehouse/api';
import type { TRPCClient } from '@trpc/client';
import type { inferRouterOutputs } from '@trpc/server';

/** The raw result of `auth.me`, in which dates are strings. */
export type WireMe = inferRouterOutputs<AppRouter>['auth']['me'];

/**
 * The query of `auth.me`. Its key is the one of `@trpc/react-query` and of `@trpc/tanstack-react-query`, so hooks and option proxies
 * share its data. Neither is imported here, because an app needs only one of them.
 */
export const ME_KEY = [['auth', 'me'], { type: 'query' }] as const;

export const meQuery = (client: TRPCClient<AppRouter>) => ({ queryKey: ME_KEY, queryFn: (): Promise<WireMe> => client.auth.me.query() });
