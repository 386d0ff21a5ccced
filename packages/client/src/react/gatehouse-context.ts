import type { AppRouter } from '@gatehouse/api';
import { createContext, use } from 'react';
import type { ContainsGatehouse } from '../contains-gatehouse.ts';
import type { Gatehouse } from './create-gatehouse.ts';

export const GatehouseContext = createContext<Gatehouse | undefined>(undefined);

/** For a router of your own: `useGatehouse<MyRouter>().trpcClient`. */
export function useGatehouse<Router extends ContainsGatehouse<Router> = AppRouter>(): Gatehouse<Router> {
  const gatehouse = use(GatehouseContext);
  if (!gatehouse) throw new Error('This hook must be used within a <GatehouseProvider>.');
  return gatehouse;
}
