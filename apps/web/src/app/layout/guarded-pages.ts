import type { Role } from '@gatehouse/contract';
import type { AnyRoute } from '@tanstack/react-router';

export interface GuardedPage {
  readonly path: string;
  readonly label: string;
}

/** The navigation, from what each route says of itself: see app/static-data.ts. */
export function guardedPages(routes: readonly AnyRoute[], role: Role | undefined): GuardedPage[] {
  return routes
    .flatMap((route) => {
      const { nav, role: required } = route.options.staticData ?? {};
      return nav && (!required || required === role) ? [{ ...nav, path: route.fullPath as string }] : [];
    })
    .sort((a, b) => a.order - b.order)
    .map(({ path, label }) => ({ path, label }));
}
