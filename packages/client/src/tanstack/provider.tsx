import { QueryClientProvider } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { AnyGatehouse, Gatehouse } from '../react/create-gatehouse.ts';
import { GatehouseContext } from '../react/gatehouse-context.ts';

/** Provides the hooks of `@gatehouse/client/tanstack`. The provider of `@gatehouse/client/react` provides them too. */
export function GatehouseProvider({ gatehouse, children }: { gatehouse: AnyGatehouse; children: ReactNode }) {
  return (
    <GatehouseContext value={gatehouse as Gatehouse}>
      <QueryClientProvider client={gatehouse.queryClient}>{children}</QueryClientProvider>
    </GatehouseContext>
  );
}
