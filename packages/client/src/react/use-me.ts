import type { AppRouter } from '@gatehouse/api';
import type { Me } from '@gatehouse/contract';
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { TRPCClientErrorLike } from '@trpc/client';
import { decodeMe } from './decode-me.ts';
import { useGatehouse } from './gatehouse-context.ts';
import { meQuery } from './me-query.ts';

/**
 * The signed-in user and the times of the session, as `Date`s. Refetches when the window gets the focus, and receives updates from other
 * tabs. Automatic refetches do not count as activity: see `Gatehouse.refreshSession`.
 */
export const useMe = (): UseQueryResult<Me, TRPCClientErrorLike<AppRouter>> =>
  useQuery({ ...meQuery(useGatehouse().trpcClient), select: decodeMe });
