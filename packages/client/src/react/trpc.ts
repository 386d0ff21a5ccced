import type { AppRouter } from '@gatehouse/api';
import { createTRPCReact } from '@trpc/react-query';

/** Typed hooks for every procedure: `trpc.account.recentActivity.useQuery()`. */
export const trpc = createTRPCReact<AppRouter>();
