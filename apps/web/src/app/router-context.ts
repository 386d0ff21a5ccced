import type { Gatehouse } from '@gatehouse/client/react';

/** What every route's guard may use. */
export interface RouterContext {
  readonly gatehouse: Gatehouse;
  /** Goes to an address that is not a page of this app (a download, a page the server renders), once a page is shown. */
  readonly leaveFor: (path: string) => void;
  /** Whether the path is a page of this app. */
  readonly hasPage: (path: string) => boolean;
}
