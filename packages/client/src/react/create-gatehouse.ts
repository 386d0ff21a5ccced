import type { AppRouter } from '@gatehouse/api';
import { meSchema, TRPC_PATH, type Presence, type SignedOutReason } from '@gatehouse/contract';
import type { QueryClient } from '@tanstack/react-query';
import type { inferRouterOutputs } from '@trpc/server';
import { createTRPCQueryUtils } from '@trpc/react-query';
import { signedOutReason } from '../errors.ts';
import { gatehouseLinks, type LinkOptions } from '../links.ts';
import { emptyCache } from './empty-cache.ts';
import { createQueryClient } from './query-client.ts';
import { openTabs } from './tabs.ts';
import { trpc } from './trpc.ts';

type WireMe = inferRouterOutputs<AppRouter>['auth']['me'];

export interface GatehouseOptions extends Partial<LinkOptions> {
  /**
   * The session is over, here or in another tab; the cache is already empty. Called once a session, however
   * many calls fail. `reason` is undefined when the person signed out in this tab.
   */
  readonly onSignedOut: (reason: SignedOutReason | undefined) => void;
  /** Someone signed in, here or in another tab; the cache holds nobody else's data. */
  readonly onSignedIn?: () => void;
}

export interface Gatehouse {
  readonly queryClient: QueryClient;
  readonly trpcClient: ReturnType<typeof trpc.createClient>;
  /**
   * For route guards: who is signed in, from the cache where it is known, else from the server.
   * @throws the client's error if the server cannot be reached: that says nothing about the session.
   */
  readonly presence: (options?: { retry?: boolean }) => Promise<Presence>;
  /** After a sign-in of this tab; `useLogin` calls it. */
  readonly enter: (me: WireMe) => void;
  /** After a re-authentication of this tab; `useReauthenticate` calls it. */
  readonly renew: (me: WireMe) => void;
  /** After a sign-out of this tab; `useLogout` calls it. */
  readonly leave: () => void;
  /** Hears and tells other tabs no more; for tests and apps that are taken off a page. */
  readonly close: () => void;
}

/**
 * The one place that reacts to "signed out". Make one for each page load, give it to `GatehouseProvider`, and
 * to the router's guards through `presence`.
 */
export function createGatehouse({ url = TRPC_PATH, onSignedOut, onSignedIn, ...links }: GatehouseOptions): Gatehouse {
  /** Known until someone signs in again, so that late failures change nothing and guards need not ask. */
  let over: SignedOutReason | undefined;

  const end = (reason: SignedOutReason): boolean => {
    if (over) return false;
    over = reason;
    emptyCache(queryClient);
    return true;
  };

  /** What is on screen is asked for anew, for whoever it is now. */
  const begin = () => {
    over = undefined;
    emptyCache(queryClient);
    void queryClient.refetchQueries({ type: 'active' });
  };

  const tabs = openTabs((news) => {
    if (news.event === 'signed-out') {
      if (end(news.reason)) onSignedOut(news.reason);
      return;
    }
    begin();
    onSignedIn?.();
  });

  /** The server said so, whatever it was asked. */
  const discover = (reason: SignedOutReason): void => {
    if (!end(reason)) return;
    tabs.tell({ event: 'signed-out', reason });
    onSignedOut(reason);
  };

  const queryClient = createQueryClient((error) => {
    const reason = signedOutReason(error);
    if (reason) discover(reason);
  });

  const trpcClient = trpc.createClient({ links: gatehouseLinks({ url, ...links }) });
  const queries = createTRPCQueryUtils({ queryClient, client: trpcClient });

  return {
    queryClient,
    trpcClient,
    async presence(options) {
      if (over) return { signedIn: false, reason: over };
      const known = queries.auth.me.getData();
      if (known) {
        // Asks again behind the page if the answer is old: a session ended meanwhile is noticed on the next step.
        void queries.auth.me.prefetch();
        return { signedIn: true, me: meSchema.parse(known) };
      }
      // Not auth.me: a refusal is a red line in the console of everyone who comes to sign in.
      const answer = await queries.auth.presence.fetch(undefined, { ...options, staleTime: 0, gcTime: 0 });
      if (!answer.signedIn) {
        discover(answer.reason);
        return answer;
      }
      queries.auth.me.setData(undefined, answer.me);
      return { signedIn: true, me: meSchema.parse(answer.me) };
    },
    enter(me) {
      begin();
      queries.auth.me.setData(undefined, me);
      tabs.tell({ event: 'signed-in' });
      onSignedIn?.();
    },
    renew(me) {
      queries.auth.me.setData(undefined, me);
    },
    leave() {
      if (!end('SIGN_IN_REQUIRED')) return;
      tabs.tell({ event: 'signed-out', reason: 'SESSION_ENDED' });
      onSignedOut(undefined);
    },
    close: tabs.close,
  };
}
