import type { AppRouter } from '@gatehouse/api';
import { AJAX_HEADER, AJAX_HEADER_VALUE, MAX_BATCH_SIZE, ONCE_A_REQUEST } from '@gatehouse/contract';
import { httpBatchLink, httpLink, splitLink, type OperationLink, type TRPCLink } from '@trpc/client';
import { callContextHeaders, callContextLink, type CallContextOptions } from './call-context-link.ts';
import { reauthenticateLink, type AskForPassword } from './reauthenticate-link.ts';

export interface LinkOptions extends CallContextOptions {
  /** Address of the router: absolute (`https://app.example/trpc`), or a path on the page's origin (`/trpc`). */
  readonly url: string;
  /** For Node, use a `fetch` that keeps cookies: see `@gatehouse/client/node`. @default the global `fetch` */
  readonly fetch?: typeof fetch;
  /** Asks for the password when a call requires it; the call then continues. Without it, the call fails with `REAUTHENTICATION_REQUIRED`. */
  readonly askForPassword?: AskForPassword;
}

/**
 * The tRPC links of every client. Calls are batched but not streamed: a streamed response sends its headers before the calls have run,
 * so a sign-in could not set a cookie. Procedures that the server runs once per request are not batched.
 */
export function gatehouseLinks({ askForPassword, ...options }: LinkOptions): TRPCLink<AppRouter>[] {
  return [callContextLink(options), ...(askForPassword ? [reauthenticateLink(askForPassword)] : []), batchLink(options)];
}

/** Batches calls by headers, because a request has only one set: calls for different users, and background calls, need separate requests. */
function batchLink({ url, fetch: send = fetch }: LinkOptions): TRPCLink<AppRouter> {
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
        condition: ({ path }) => ONCE_A_REQUEST.has(path),
        true: httpLink(request),
        false: httpBatchLink({ ...request, maxItems: MAX_BATCH_SIZE }),
      })(runtime);
      links.set(key, link);
      return link;
    };
    return ({ op, next }) => linkFor(callContextHeaders(op))({ op, next });
  };
}
