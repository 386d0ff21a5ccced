import type { AppRouter } from '@gatehouse/api';
import { AJAX_HEADER, AJAX_HEADER_VALUE, MAX_BATCH_SIZE } from '@gatehouse/contract';
import { httpBatchLink, type TRPCLink } from '@trpc/client';

export interface LinkOptions {
  /** Address of the router: absolute (`https://app.example/trpc`), or a path on the page's origin (`/trpc`). */
  readonly url: string;
  /** In Node, one that keeps cookies: see `@gatehouse/client/node`. Default: the global `fetch`. */
  readonly fetch?: typeof fetch;
}

/**
 * How every client reaches the router. Batches, but does not stream: a streamed answer has sent its headers
 * before the calls have run, so that a sign-in could set no cookie.
 */
export function gatehouseLinks({ url, fetch: send = fetch }: LinkOptions): TRPCLink<AppRouter>[] {
  return [
    httpBatchLink({
      url,
      maxItems: MAX_BATCH_SIZE,
      headers: { [AJAX_HEADER]: AJAX_HEADER_VALUE },
      fetch: (input, init) => send(input as RequestInfo, { ...(init as RequestInit), credentials: 'include' }),
    }),
  ];
}
