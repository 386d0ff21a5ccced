import type { AppRouter } from '@gatehouse/api';
import { AJAX_HEADER, AJAX_HEADER_VALUE, MAX_BATCH_SIZE, ONCE_A_REQUEST } from '@gatehouse/contract';
import { httpBatchLink, httpLink, httpSubscriptionLink, splitLink, type OperationLink, type TRPCLink } from '@trpc/client';
import { bearerFetch, type TokenStore } from './bearer.ts';
import { callContextHeaders, callContextLink, type CallContext, type CallContextOptions } from './call-context-link.ts';
import { FetchEventSource } from './fetch-event-source.ts';
import { reauthenticateLink, type AskForPassword } from './reauthenticate-link.ts';

export interface LinkOptions extends CallContextOptions {
  /** Address of the router: absolute (`https://app.example/trpc`), or a path on the page's origin (`/trpc`). */
  readonly url: string;
  /** For Node, use a `fetch` that keeps cookies: see `@gatehouse/client/node`. @default the global `fetch` */
  readonly fetch?: typeof fetch;
  /** Keeps the session as a token here, instead of in a cookie: for mobile apps and scripts. The server needs SESSION_BEARER=true. */
  readonly bearer?: TokenStore | undefined;
  /** Asks for the password when a call requires it; the call then continues. Without it, the call fails with `REAUTHENTICATION_REQUIRED`. */
  readonly askForPassword?: AskForPassword;
}

/**
 * The tRPC links of every client. Calls are batched but not streamed: a streamed response sends its headers before the calls have run,
 * so a sign-in could not set a cookie. Procedures that the server runs once per request are not batched. Subscriptions are streams of their
 * own, which reconnect.
 */
export function gatehouseLinks({ askForPassword, ...options }: LinkOptions): TRPCLink<AppRouter>[] {
  return [callContextLink(options), ...(askForPassword ? [reauthenticateLink(askForPassword)] : []), sendingLink(options)];
}

const sendingLink = (options: LinkOptions): TRPCLink<AppRouter> =>
  splitLink<AppRouter>({ condition: ({ type }) => type === 'subscription', true: subscriptionLink(options), false: batchLink(options) });

function subscriptionLink({ url, bearer, fetch: ownFetch = fetch }: LinkOptions): TRPCLink<AppRouter> {
  const send = bearer ? bearerFetch(bearer, ownFetch) : ownFetch;
  return (runtime) =>
    ({ op, next }) =>
      httpSubscriptionLink<AppRouter, typeof FetchEventSource>({
        url,
        EventSource: FetchEventSource,
        eventSourceOptions: { fetch: send, headers: { [AJAX_HEADER]: AJAX_HEADER_VALUE, ...callContextHeaders(op) } },
      })(runtime)({ op, next });
}

/** Batches calls by headers, because a request has only one set: calls for different users, and background calls, need separate requests. */
function batchLink({ url, bearer, fetch: ownFetch = fetch }: LinkOptions): TRPCLink<AppRouter> {
  const send = bearer ? bearerFetch(bearer, ownFetch) : ownFetch;
  return (runtime) => {
    // One entry per user and background flag.
    const links = new Map<string, OperationLink<AppRouter>>();
    const linkFor = (headers: Record<string, string>): OperationLink<AppRouter> => {
      const key = JSON.stringify(headers);
      const known = links.get(key);
      if (known) return known;
      const request = {
        url,
        headers: { [AJAX_HEADER]: AJAX_HEADER_VALUE, ...headers },
        fetch: (input: unknown, init: unknown) => send(input as string, { ...(init as RequestInit), credentials: 'include' as const }),
      };
      const link = splitLink<AppRouter>({
        condition: ({ path, context }) => ONCE_A_REQUEST.has(path) || (context as CallContext).unbatched === true,
        true: httpLink(request),
        false: httpBatchLink({ ...request, maxItems: MAX_BATCH_SIZE }),
      })(runtime);
      links.set(key, link);
      return link;
    };
    return ({ op, next }) => linkFor(callContextHeaders(op))({ op, next });
  };
}
