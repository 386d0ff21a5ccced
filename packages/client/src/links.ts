import type { AppRouter } from '@gatehouse/api';
import { AJAX_HEADER, AJAX_HEADER_VALUE, MAX_BATCH_SIZE, ONCE_A_REQUEST } from '@gatehouse/contract';
import { httpBatchLink, httpLink, splitLink, type TRPCLink } from '@trpc/client';
import { reauthenticateLink, type AskForPassword } from './reauthenticate-link.ts';

export interface LinkOptions {
  /** Address of the router: absolute (`https://app.example/trpc`), or a path on the page's origin (`/trpc`). */
  readonly url: string;
  /** In Node, one that keeps cookies: see `@gatehouse/client/node`. Default: the global `fetch`. */
  readonly fetch?: typeof fetch;
  /** Called when a call needs the password again; it then goes on. Left out: the call fails with `REAUTHENTICATION_REQUIRED`. */
  readonly askForPassword?: AskForPassword;
}

/**
 * How every client reaches the router. Batches, but does not stream: a streamed answer has sent its headers
 * before the calls have run, so that a sign-in could set no cookie. What the server runs once in a request travels alone.
 */
export function gatehouseLinks({ url, fetch: send = fetch, askForPassword }: LinkOptions): TRPCLink<AppRouter>[] {
  const options = {
    url,
    headers: { [AJAX_HEADER]: AJAX_HEADER_VALUE },
    fetch: (input: unknown, init: unknown) => send(input as string, { ...(init as RequestInit), credentials: 'include' as const }),
  };
  return [
    ...(askForPassword ? [reauthenticateLink(askForPassword)] : []),
    splitLink({
      condition: ({ path }) => ONCE_A_REQUEST.has(path),
      true: httpLink(options),
      false: httpBatchLink({ ...options, maxItems: MAX_BATCH_SIZE }),
    }),
  ];
}
