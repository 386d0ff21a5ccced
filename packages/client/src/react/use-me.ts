import { meSchema, type Me } from '@gatehouse/contract';
import type { UseTRPCQueryResult } from '@trpc/react-query/shared';
import { trpc } from './trpc.ts';

// A stable function, so that TanStack Query reuses the decoded value while the response is the same.
const decode = (wire: unknown) => meSchema.parse(wire);

/**
 * The signed-in user and the times of the session, as `Date`s. Refetches when the window gets the focus, and receives updates from other
 * tabs. Automatic refetches do not count as activity: see `Gatehouse.refreshSession`.
 */
export const useMe = (): UseTRPCQueryResult<Me, ReturnType<typeof trpc.auth.me.useQuery>['error']> =>
  trpc.auth.me.useQuery(undefined, { select: decode });
