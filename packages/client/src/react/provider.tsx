import { QueryClientProvider } from '@tanstack/react-query';
import { createContext, use, type ReactNode } from 'react';
import type { Gatehouse } from './create-gatehouse.ts';
import { trpc } from './trpc.ts';

const GatehouseContext = createContext<Gatehouse | undefined>(undefined);

/** Provides the hooks of this package: `<GatehouseProvider gatehouse={createGatehouse({ onSignedOut })}>`. */
export function GatehouseProvider({ gatehouse, children }: { gatehouse: Gatehouse; children: ReactNode }) {
  return (
    <GatehouseContext value={gatehouse}>
      <trpc.Provider client={gatehouse.trpcClient} queryClient={gatehouse.queryClient}>
        <QueryClientProvider client={gatehouse.queryClient}>{children}</QueryClientProvider>
      </trpc.Provider>
    </GatehouseContext>
  );
}

export function useGatehouse(): Gatehouse {
  const gatehouse = use(GatehouseContext);
  if (!gatehouse) throw new Error('This hook must be used within a <GatehouseProvider>.');
  return gatehouse;
}
