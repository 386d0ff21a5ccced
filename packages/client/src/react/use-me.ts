import { meSchema } from '@gatehouse/contract';
import { trpc } from './trpc.ts';

// One function for every render, so that the decoded value is kept while the answer is the same.
const decode = (wire: unknown) => meSchema.parse(wire);

/**
 * Who is signed in and the clocks of their session; `Date`s are `Date`s. Asks again when the window gets the focus, and learns
 * what other tabs were answered. What it asks on its own is no activity: see `Gatehouse.refreshSession`.
 */
export const useMe = () => trpc.auth.me.useQuery(undefined, { select: decode });
