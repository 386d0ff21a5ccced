import { meSchema } from '@gatehouse/contract';
import { trpc } from './trpc.ts';

// A stable function, so that TanStack Query reuses the decoded value while the response is the same.
const decode = (wire: unknown) => meSchema.parse(wire);

/**
 * The signed-in user and the times of the session, as `Date`s. Refetches when the window gets the focus, and receives updates from other
 * tabs. Automatic refetches do not count as activity: see `Gatehouse.refreshSession`.
 */
export const useMe = () => trpc.auth.me.useQuery(undefined, { select: decode });
