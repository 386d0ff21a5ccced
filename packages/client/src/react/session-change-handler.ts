import type { Presence, SignedOutReason } from '@gatehouse/contract';
import type { QueryClient } from '@tanstack/react-query';
import type { WatchedChange } from '../session-changes.ts';
import type { WireMe } from './me-query.ts';

type WirePresence = Exclude<Presence, { signedIn: true }> | { readonly signedIn: true; readonly me: WireMe };

interface SessionChangeReactions {
  readonly queryClient: QueryClient;
  /** Asks the server, in the background, who is signed in. */
  readonly askPresence: () => Promise<WirePresence>;
  readonly updateMe: (me: WireMe) => void;
  readonly onSignedOut: (reason: SignedOutReason) => void;
  readonly onOtherUser: () => void;
  /** The id of the user of this page. */
  readonly userId: () => string | undefined;
}

const ME = ['auth', 'me'];
const ACCOUNT = ['account'];
const SESSIONS = ['sessions'];
/** Administrators see the sessions of all users, so theirs as well. */
const ADMIN = ['admin'];

/** What a page does about the changes that `watchSession` reports. */
export function sessionChangeHandler({ queryClient, ...page }: SessionChangeReactions): (change: WatchedChange) => void {
  /** Refetches what is on screen. Whether that is activity depends on the user, as for every query: see `watchUserActivity`. */
  const refetch = (...paths: ReadonlyArray<readonly string[]>): void => {
    for (const path of paths) void queryClient.invalidateQueries({ queryKey: [path] });
  };

  async function end(reason: SignedOutReason): Promise<void> {
    // This tab is signing out. The answer may arrive later than this event, and decides what the page says.
    await logoutSettled(queryClient);
    try {
      // Signing in, perhaps in another tab, ends the previous session of the browser. This page then uses the new one.
      const presence = await page.askPresence();
      if (!presence.signedIn) page.onSignedOut(reason);
      else if (presence.me.user.id === page.userId()) page.updateMe(presence.me);
      else page.onOtherUser();
    } catch {
      page.onSignedOut(reason);
    }
  }

  return (change) => {
    switch (change.kind) {
      case 'ended':
        return void end(change.reason);
      case 'other-user':
        return page.onOtherUser();
      case 'ready':
        return refetch(ME, ACCOUNT, SESSIONS, ADMIN);
      case 'user':
        return refetch(ME, ACCOUNT);
      case 'sessions':
        return refetch(ACCOUNT, SESSIONS, ADMIN);
    }
  };
}

/** Resolves when no sign-out of this tab is pending. */
async function logoutSettled(queryClient: QueryClient): Promise<void> {
  const isPending = () => queryClient.isMutating({ mutationKey: [['auth', 'logout']] }) > 0;
  if (!isPending()) return;
  await new Promise<void>((resolve) => {
    const stop = queryClient.getMutationCache().subscribe(() => {
      if (isPending()) return;
      stop();
      resolve();
    });
  });
}
