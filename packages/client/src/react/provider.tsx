import { QueryClientProvider } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { AnyGatehouse, Gatehouse } from './create-gatehouse.ts';
import { GatehouseContext } from './gatehouse-context.ts';
import { trpc } from './trpc.ts';

/**
 * Provides the hooks of this package, and those of `createTRPCReact`:
 * `<GatehouseProvider gatehouse={createGatehouse({ onSignedOut })}>`.
 */
export function GatehouseProvider({ gatehouse: given, children }: { gatehouse: AnyGatehouse; children: ReactNode }) {
  const gatehouse = given as Gatehouse;
  return (
    <GatehouseContext value={gatehouse}>
      <trpc.Provider client={gatehouse.trpcClient} queryClient={gatehouse.queryClient}>
        <QueryClientProvider client={gatehouse.queryClient}>{children}</QueryClientProvider>
      </trpc.Provider>
    </GatehouseContext>
  );
}
