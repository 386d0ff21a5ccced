import { createTRPCReact } from '@gatehouse/client/react';
import type { AppRouter } from '../server/router.ts';

/** Typed hooks for every procedure, yours included: `trpc.greeting.useQuery()`. They work within <GatehouseProvider>. */
export const trpc = createTRPCReact<AppRouter>();
