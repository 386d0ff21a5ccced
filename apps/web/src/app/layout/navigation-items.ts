import type { Role } from '@gatehouse/contract';
import type { Messages } from '../../i18n/catalogs.ts';
import type { AnyRoute } from '@tanstack/react-router';

export interface NavigationItem {
  readonly path: string;
  readonly label: keyof Messages['navigation']['pages'];
}

/** The navigation links for a role, from the `staticData` of the routes: see app/static-data.ts. */
export function navigationItems(routes: readonly AnyRoute[], role: Role | undefined): NavigationItem[] {
  return routes
    .flatMap((route) => {
      const { nav, role: requiredRole } = route.options.staticData ?? {};
      return nav && (!requiredRole || requiredRole === role) ? [{ ...nav, path: route.fullPath as string }] : [];
    })
    .sort((a, b) => a.order - b.order)
    .map(({ path, label }) => ({ path, label }));
}
