import type { AppRouter } from '@gatehouse/api';
import { AJAX_HEADER, AJAX_HEADER_VALUE, MAX_BATCH_SIZE, ONCE_A_REQUEST } from '@gatehouse/contract';
import { httpBatchLink, httpLink, splitLink, type OperationLink, type TRPCLink } from '@trpc/client';
import { callFactsHeaders, callFactsLink, type CallFactsOptions } from './call-facts-link.ts';
import { reauthenticateLink, type AskForPassword } from './reauthenticate-link.ts';

export interface LinkOptions extends CallFactsOptions {
  /** Address of the router: absolute (`https://app.example/trpc`), or a path on the page's origin (`/trpc`). */
  readonly url: string;
  /** In Node, one that keeps cookies: see `@gatehouse/client/node`. Default: the global `fetch`. */
  readonly fetch?: typeof fetch;
  /** Called when a call needs the password again; it then continues. Left out: the call fails with `REAUTHENTICATION_REQUIRED`. */
  readonly askForPassword?: AskForPassword;
}

/**
 * How every client reaches the router. Batches, but does not stream: a streamed answer has sent its headers
 * before the calls have run, so that a sign-in could set no cookie. What the server runs once in a request travels alone.
 */
export function gatehouseLinks({ askForPassword, ...options }: LinkOptions): TRPCLink<AppRouter>[] {
  return [callFactsLink(options), ...(askForPassword ? [reauthenticateLink(askForPassword)] : []), batchLink(options)];
}

/** A request has one set of headers: calls that were made for different users, or not all by a person, go in requests of their own. */
function batchLink({ url, fetch: send = fetch }: LinkOptions): TRPCLink<AppRouter> {
  return (runtime) => {
    // As many as a page sees users, twice.
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
    return ({ op, next }) => linkFor(callFactsHeaders(op))({ op, next });
  };
}
