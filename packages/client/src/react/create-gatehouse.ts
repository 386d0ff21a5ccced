import { meSchema, TRPC_PATH, type Presence, type SignedOutReason } from '@gatehouse/contract';
import { hashKey, type QueryClient } from '@tanstack/react-query';
import { createTRPCQueryUtils, getQueryKey } from '@trpc/react-query';
import { signedOutReason } from '../errors.ts';
import { gatehouseLinks, type LinkOptions } from '../links.ts';
import { emptyCache } from './empty-cache.ts';
import { watchPerson, type PersonWatch } from './person.ts';
import { createQueryClient } from './query-client.ts';
import { recoverQueries } from './recovery.ts';
import { openSessionMemory } from './session-memory.ts';
import { openTabs } from './tabs.ts';
import { trpc } from './trpc.ts';
import type { WireMe } from './wire-me.ts';

export interface GatehouseOptions extends Partial<Pick<LinkOptions, 'url' | 'fetch' | 'askForPassword'>> {
  /**
   * The session is over, here or in another tab; the cache is already empty. Called once a session, however
   * many calls fail. `reason` is undefined when the person signed out in this tab.
   */
  readonly onSignedOut: (reason: SignedOutReason | undefined) => void;
  /** Someone signed in, here or in another tab; the cache holds nobody else's data. */
  readonly onSignedIn?: () => void;
  /**
   * The page was made for one user and the browser is signed in as another by now, so a call was refused, and nothing has happened.
   * The cache is already empty. Default: `onSignedIn`.
   */
  readonly onUserChanged?: () => void;
  /** Tells a person's requests from the page's own. Default: by what is done with the window. */
  readonly person?: PersonWatch;
}

export interface Gatehouse {
  readonly queryClient: QueryClient;
  readonly trpcClient: ReturnType<typeof trpc.createClient>;
  /**
   * For route guards: who is signed in, from the cache where it is known, else from the server. `background`: nobody goes there
   * yet, as when a page is preloaded.
   * @throws the client's error if the server cannot be reached: that says nothing about the session.
   */
  readonly presence: (options?: { retry?: boolean; background?: boolean }) => Promise<Presence>;
  /**
   * Asks the server for the session's clocks, which every `useMe` then shows. `background: true` for a clock that has run out: the
   * question is no activity and keeps no session alive. `false` for a person who wants to stay.
   * @throws the client's error; that the session is over is told to `onSignedOut` as well.
   */
  readonly refreshSession: (options: { background: boolean }) => Promise<void>;
  /** After a sign-in of this tab; `useLogin` calls it. */
  readonly enter: (me: WireMe) => void;
  /** After a re-authentication of this tab; `useReauthenticate` calls it. */
  readonly renew: (me: WireMe) => void;
  /** After a sign-out of this tab; `useLogout` calls it. */
  readonly leave: () => void;
  /** Hears and tells other tabs no more; for tests and apps that are taken off a page. */
  readonly close: () => void;
}

const ME_KEY = hashKey(getQueryKey(trpc.auth.me, undefined, 'query'));

/**
 * The one place that reacts to "signed out". Make one for each page load, give it to `GatehouseProvider`, and
 * to the router's guards through `presence`.
 */
export function createGatehouse({
  url = TRPC_PATH,
  onSignedOut,
  onSignedIn,
  onUserChanged = onSignedIn,
  person = watchPerson(),
  ...links
}: GatehouseOptions): Gatehouse {
  /** Known until someone signs in again, so that late failures change nothing and guards need not ask. */
  let over: SignedOutReason | undefined;
  const memory = openSessionMemory();

  const end = (reason: SignedOutReason): boolean => {
    if (over) return false;
    over = reason;
    memory.forget();
    emptyCache(queryClient);
    return true;
  };

  /** What is on screen is asked for anew, for whoever it is now. */
  const begin = () => {
    over = undefined;
    emptyCache(queryClient);
    void queryClient.refetchQueries({ type: 'active' });
  };

  /** The server said who is signed in, to this tab or another. */
  const note = (me: WireMe): void => memory.note(Date.now() + Date.parse(me.session.expires) - Date.parse(me.serverNow));
  const learn = (me: WireMe): void => {
    note(me);
    tabs.tell({ event: 'me', me });
  };
  const show = (me: WireMe): void => {
    queries.auth.me.setData(undefined, me);
    learn(me);
  };

  const userId = (): string | undefined => queries.auth.me.getData()?.user.id;
  const changeUser = (from: string): void => {
    // Of several calls that are refused at once the first has done it.
    if (userId() !== from) return;
    begin();
    onUserChanged?.();
  };

  const tabs = openTabs((news) => {
    if (news.event === 'me') return hear(news.me);
    if (news.event === 'signed-out') {
      if (end(news.reason)) onSignedOut(news.reason);
      return;
    }
    begin();
    onSignedIn?.();
  });

  /** Another tab asked, so this one need not. */
  function hear(me: WireMe): void {
    const known = queries.auth.me.getData();
    if (!known) return;
    if (known.user.id !== me.user.id) return changeUser(known.user.id);
    if (Date.parse(me.serverNow) <= Date.parse(known.serverNow)) return;
    queries.auth.me.setData(undefined, me);
    note(me);
  }

  /** The server said so, whatever it was asked. */
  const discover = (said: SignedOutReason): SignedOutReason => {
    // Without a cookie it cannot know of a session that expired.
    const reason = said === 'SIGN_IN_REQUIRED' && memory.isExpired() ? 'SESSION_EXPIRED' : said;
    if (!end(reason)) return over ?? reason;
    tabs.tell({ event: 'signed-out', reason });
    onSignedOut(reason);
    return reason;
  };

  const judge = (error: unknown): void => {
    const reason = signedOutReason(error);
    if (reason) discover(reason);
  };

  const queryClient = createQueryClient({
    onError: judge,
    onAnswer(queryKey, data) {
      if (hashKey(queryKey) === ME_KEY) learn(data as WireMe);
    },
  });
  const trpcClient = trpc.createClient({
    links: gatehouseLinks({ url, ...links, userId, isBackground: () => !person.caused(), onUserChanged: changeUser }),
  });
  const queries = createTRPCQueryUtils({ queryClient, client: trpcClient });
  const stopRecovery = recoverQueries({
    queryClient,
    ask: () => trpcClient.auth.presence.query(undefined, { context: { background: true } }),
  });

  return {
    queryClient,
    trpcClient,

    async presence({ background, ...options } = {}) {
      if (over) return { signedIn: false, reason: over };
      const known = queries.auth.me.getData();
      if (known) {
        // Asks again behind the page if the answer is old: a session ended meanwhile is noticed on the next step.
        if (!background) void queries.auth.me.prefetch();
        return { signedIn: true, me: meSchema.parse(known) };
      }
      // Not auth.me: a refusal is a red line in the console of everyone who comes to sign in.
      const answer = await queries.auth.presence.fetch(undefined, {
        ...options,
        ...(background && { trpc: { context: { background } } }),
        staleTime: 0,
        gcTime: 0,
      });
      if (!answer.signedIn) return { signedIn: false, reason: discover(answer.reason) };
      show(answer.me);
      return { signedIn: true, me: meSchema.parse(answer.me) };
    },

    async refreshSession({ background }) {
      // Not through the cache: a query that is under way may be nobody's, and one keeps the context it was first asked with.
      try {
        show(await trpcClient.auth.me.query(undefined, { context: { background } }));
      } catch (error) {
        judge(error);
        throw error;
      }
    },

    enter(me) {
      begin();
      queries.auth.me.setData(undefined, me);
      note(me);
      tabs.tell({ event: 'signed-in' });
      onSignedIn?.();
    },

    renew: show,

    leave() {
      if (!end('SIGN_IN_REQUIRED')) return;
      tabs.tell({ event: 'signed-out', reason: 'SESSION_ENDED' });
      onSignedOut(undefined);
    },

    close() {
      tabs.close();
      person.stop();
      stopRecovery();
    },
  };
}
