import type { Role } from '@gatehouse/contract';
import type { Messages } from '../i18n/catalogs.ts';

declare module '@tanstack/react-router' {
  /** For example `staticData: { nav: { label: 'profile', order: 2 } }`. */
  interface StaticDataRouteOption {
    /** The navigation link of the page. Without it, the page is not in the navigation. `label`: a key of `pages` in messages/en/navigation.ts. */
    nav?: { label: keyof Messages['navigation']['pages']; order: number };
    /** The page and its link are only shown to this role. This is not access control: the server checks every call. */
    role?: Role;
  }
}
