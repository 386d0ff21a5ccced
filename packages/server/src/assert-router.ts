import { gatehouseRouter } from '@gatehouse/api';
import type { AnyTRPCRouter } from '@trpc/server';

const proceduresOf = (router: AnyTRPCRouter): string[] => Object.keys(router._def.procedures as object);

/** Clients, the React hooks and the limits of sign-in know these by their path. */
const REQUIRED = proceduresOf(gatehouseRouter).filter((path) => path.startsWith('auth.'));

/** @throws TypeError for a router that does not have Gatehouse's procedures at their paths, or its error format. */
export function assertRouter(router: AnyTRPCRouter): void {
  if (router === gatehouseRouter) return;
  const paths = new Set(proceduresOf(router));
  const missing = REQUIRED.filter((path) => !paths.has(path));
  if (missing.length > 0)
    throw new TypeError(
      `The router of gatehouse.trpc lacks ${missing.join(', ')}. Merge it: mergeRouters(gatehouseRouter, yourRouter), both from @gatehouse/server.`,
    );
  if (router._def._config.errorFormatter !== gatehouseRouter._def._config.errorFormatter)
    throw new TypeError(
      'The router of gatehouse.trpc formats errors in its own way, and clients would miss their reasons. Make it with `router` or `mergeRouters` of @gatehouse/server.',
    );
}
