import type { Role } from '@gatehouse/contract';

declare module '@tanstack/react-router' {
  /** What a route says of itself: `staticData: { nav: { label: 'Profile', order: 2 } }`. */
  interface StaticDataRouteOption {
    /** Its place in the navigation of signed-in pages. Without it the page is reached by link only. */
    nav?: { label: string; order: number };
    /** Only accounts of this role see the page and its link; the server judges every call by itself. */
    role?: Role;
  }
}
