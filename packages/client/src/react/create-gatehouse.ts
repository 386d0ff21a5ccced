import type { AppRouter } from '@gatehouse/api';
import { TRPC_PATH, type Presence, type SignedOutReason } from '@gatehouse/contract';
import { hashKey, type QueryClient } from '@tanstack/react-query';
import { createTRPCClient, type TRPCClient } from '@trpc/client';
import type { AnyTRPCRouter } from '@trpc/server';
import type { ContainsGatehouse } from '../contains-gatehouse.ts';
import { signedOutReason as signedOutReasonOf } from '../errors.ts';
import { gatehouseLinks, type LinkOptions } from '../links.ts';
import type { WatchedChange } from '../session-changes.ts';
import { decodeMe } from './decode-me.ts';
import { emptyCache } from './empty-cache.ts';
import { createExpiryStore } from './expiry-store.ts';
import { ME_KEY, meQuery, type WireMe } from './me-query.ts';
import { createQueryClient } from './query-client.ts';
import { recoverQueries } from './recover-queries.ts';
import { sessionChangeHandler } from './session-change-handler.ts';
import { openTabChannel, type TabMessage } from './tab-channel.ts';
import { watchUserActivity, type UserActivity } from './user-activity.ts';

export interface GatehouseOptions extends Partial<Pick<LinkOptions, 'url' | 'fetch' | 'askForPassword'>> {
  /**
   * The session ended, in this tab or elsewhere. The cache is already empty. Called once per session, however many calls fail.
   * `reason` is undefined if the user signed out in this tab.
   */
  readonly onSignedOut: (reason: SignedOutReason | undefined) => void;
  /** Someone signed in, in this tab or another. The cache has no data of another user. */
  readonly onSignedIn?: () => void;
  /**
   * A call was refused because a different user is signed in now. The call changed nothing, and the cache is already empty.
   * @default onSignedIn
   */
  readonly onUserChanged?: () => void;
  /** Distinguishes the user's requests from background requests. @default watchUserActivity() */
  readonly userActivity?: UserActivity;
}

/** Of any router. Providers take this. */
export interface AnyGatehouse {
  readonly queryClient: QueryClient;
  /**
   * Who is signed in, for route guards: from the cache if possible, else from the server. Set `background` if the user did not navigate,
   * for example when a page is preloaded.
   * @throws the client's error if the server cannot be reached. That does not mean that the user is signed out.
   */
  readonly presence: (options?: { retry?: boolean; background?: boolean }) => Promise<Presence>;
  /**
   * Reads the session's expiry times from the server and updates every `useMe`. With `background: true`, to check whether a session
   * has expired, this does not count as activity. With `background: false`, it extends the session.
   * @throws the client's error. If the session has ended, `onSignedOut` is called as well.
   */
  readonly refreshSession: (options: { background: boolean }) => Promise<void>;
  /** `useLogin` calls this after a sign-in. */
  readonly onLogin: (me: WireMe) => void;
  /** `useReauthenticate` calls this after a re-authentication. */
  readonly onReauthenticate: (me: WireMe) => void;
  /** `useLogout` calls this after a sign-out. */
  readonly onLogout: () => void;
  /** `useSessionChanges` calls this for each change that the server reports. */
  readonly onSessionChange: (change: WatchedChange) => void;
  /** Stops listening to other tabs and user events. For tests, and for apps that are removed from a page. */
  readonly close: () => void;
}

export interface Gatehouse<Router extends AnyTRPCRouter = AppRouter> extends AnyGatehouse {
  readonly trpcClient: TRPCClient<Router>;
}

const ME_HASH = hashKey(ME_KEY);

/**
 * The one place that reacts to sign-in and sign-out. Create one per page load, and pass it to `GatehouseProvider` and, for
 * `presence`, to the router's guards. For a router of your own: `createGatehouse<MyRouter>({ … })`.
 */
export function createGatehouse<Router extends ContainsGatehouse<Router> = AppRouter>({
  url = TRPC_PATH,
  onSignedOut,
  onSignedIn,
  onUserChanged = onSignedIn,
  userActivity = watchUserActivity(),
  ...links
}: GatehouseOptions): Gatehouse<Router> {
  /** Set from sign-out until the next sign-in, so that late failures are ignored and guards need no request. */
  let signedOutReason: SignedOutReason | undefined;
  const expiryStore = createExpiryStore(url);

  /** Returns false if the session had already ended. */
  const endSession = (reason: SignedOutReason): boolean => {
    if (signedOutReason) return false;
    signedOutReason = reason;
    expiryStore.clear();
    emptyCache(queryClient);
    return true;
  };

  /** Reloads what is on screen for the new user. */
  const startSession = () => {
    signedOutReason = undefined;
    emptyCache(queryClient);
    void queryClient.refetchQueries({ type: 'active' });
  };

  const saveExpiry = (me: WireMe): void => expiryStore.save(Date.now() + Date.parse(me.session.expires) - Date.parse(me.serverNow));
  const shareMe = (me: WireMe): void => {
    saveExpiry(me);
    tabs.post({ event: 'me', me });
  };
  const updateMe = (me: WireMe): void => {
    queryClient.setQueryData(ME_KEY, me);
    shareMe(me);
  };

  const knownMe = () => queryClient.getQueryData<WireMe>(ME_KEY);
  const userId = (): string | undefined => knownMe()?.user.id;
  const handleUserChanged = (from: string): void => {
    // If several calls are refused at the same time, only the first one is handled.
    if (userId() !== from) return;
    startSession();
    onUserChanged?.();
  };

  const handleTabMessage = (message: TabMessage): void => {
    switch (message.event) {
      case 'me':
        return handleSharedMe(message.me);
      case 'signed-out':
        if (endSession(message.reason)) onSignedOut(message.reason);
        return;
      case 'signed-in':
        startSession();
        onSignedIn?.();
    }
  };
  const tabs = openTabChannel(url, handleTabMessage);

  /** Another tab loaded `auth.me`, so this one need not. */
  function handleSharedMe(me: WireMe): void {
    const known = knownMe();
    if (!known) return;
    if (known.user.id !== me.user.id) return handleUserChanged(known.user.id);
    if (Date.parse(me.serverNow) <= Date.parse(known.serverNow)) return;
    queryClient.setQueryData(ME_KEY, me);
    saveExpiry(me);
  }

  /** The server reported that there is no session. */
  const handleSignedOut = (reported: SignedOutReason): SignedOutReason => {
    // The browser deletes an expired cookie, so the server cannot know that there was a session.
    const reason = reported === 'SIGN_IN_REQUIRED' && expiryStore.isExpired() ? 'SESSION_EXPIRED' : reported;
    if (!endSession(reason)) return signedOutReason ?? reason;
    tabs.post({ event: 'signed-out', reason });
    onSignedOut(reason);
    return reason;
  };

  const handleError = (error: unknown): void => {
    const reason = signedOutReasonOf(error);
    if (reason) handleSignedOut(reason);
  };

  const queryClient = createQueryClient({
    onError: handleError,
    onSuccess(queryKey, data) {
      if (hashKey(queryKey) === ME_HASH) shareMe(data as WireMe);
    },
  });
  const trpcClient = createTRPCClient<AppRouter>({
    links: gatehouseLinks({ url, ...links, userId, isBackground: () => !userActivity.isRecent(), onUserChanged: handleUserChanged }),
  });
  const askPresence = () => trpcClient.auth.presence.query(undefined, { context: { background: true } });
  const stopRecovery = recoverQueries({ queryClient, ping: askPresence });
  const onSessionChange = sessionChangeHandler({
    queryClient,
    askPresence,
    updateMe,
    onSignedOut: handleSignedOut,
    onOtherUser() {
      const from = userId();
      if (from !== undefined) handleUserChanged(from);
    },
    userId,
  });

  return {
    queryClient,
    // The client is a proxy that sends any path. Which procedures exist is known to the types only.
    trpcClient,

    async presence({ background, ...options } = {}) {
      if (signedOutReason) return { signedIn: false, reason: signedOutReason };
      const known = knownMe();
      if (known) {
        // Refetches stale data without waiting. If the session has ended meanwhile, the next navigation notices.
        if (!background) void queryClient.prefetchQuery(meQuery(trpcClient));
        return { signedIn: true, me: decodeMe(known) };
      }
      // Not `auth.me`: its refusal would show as an error in the browser's console on every visit to the login page.
      const presence = await queryClient.fetchQuery({
        ...options,
        queryKey: [['auth', 'presence'], { type: 'query' }],
        queryFn: () => trpcClient.auth.presence.query(undefined, background ? { context: { background } } : undefined),
        staleTime: 0,
        gcTime: 0,
      });
      if (!presence.signedIn) return { signedIn: false, reason: handleSignedOut(presence.reason) };
      updateMe(presence.me);
      return { signedIn: true, me: decodeMe(presence.me) };
    },

    async refreshSession({ background }) {
      // Not through the query cache: it would join a pending query, which keeps its original context.
      try {
        updateMe(await trpcClient.auth.me.query(undefined, { context: { background } }));
      } catch (error) {
        handleError(error);
        throw error;
      }
    },

    onLogin(me) {
      startSession();
      queryClient.setQueryData(ME_KEY, me);
      saveExpiry(me);
      tabs.post({ event: 'signed-in' });
      onSignedIn?.();
    },

    onReauthenticate: updateMe,
    onSessionChange,

    onLogout() {
      if (!endSession('SIGN_IN_REQUIRED')) return;
      tabs.post({ event: 'signed-out', reason: 'SESSION_ENDED' });
      onSignedOut(undefined);
    },

    close() {
      tabs.close();
      userActivity.stop();
      stopRecovery();
    },
  };
}
