import type { Gatehouse } from '@gatehouse/client/tanstack';
import { createRootRouteWithContext } from '@tanstack/react-router';
import { RootLayout } from '../app/layout/root-layout.tsx';

/** The context of all route guards. */
interface RouterContext {
  readonly gatehouse: Gatehouse;
  /** After the next page is shown, navigates to a path that is not a page of this app, such as a download. */
  readonly openAfterNavigation: (path: string) => void;
  /** Whether the path is a page of this app. */
  readonly hasPage: (path: string) => boolean;
}

export const Route = createRootRouteWithContext<RouterContext>()({
  component: RootLayout,
});
