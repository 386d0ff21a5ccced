import type { Role } from '@gatehouse/contract';

declare module '@tanstack/react-router' {
  /** For example `staticData: { nav: { label: 'Profile', order: 2 } }`. */
  interface StaticDataRouteOption {
    /** The navigation link of the page. Without it, the page is not in the navigation. */
    nav?: { label: string; order: number };
    /** The page and its link are only shown to this role. This is not access control: the server checks every call. */
    role?: Role;
  }
}
