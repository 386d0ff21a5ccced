import { refuse } from '@gatehouse/api';
import type { Reason, Role } from '@gatehouse/contract';
import { sessionOf } from '@gatehouse/session';
import type { SessionFeed } from '@gatehouse/session/live';
import { clientAddress } from '@gatehouse/session/request';
import { getTRPCErrorShape, type AnyTRPCRouter } from '@trpc/server';
import type { Request as ExpressRequest, Response as ExpressResponse } from 'express';
import type { OpenStreams } from './open-streams.ts';
import { refuseCall } from './refuse-call.ts';
import { streamResponse } from './stream-response.ts';

/** Time for a subscription that watches the session itself, such as `auth.changes`, to send its own last event. Milliseconds. */
const GOODBYE_MS = 250;

/** When a refused client may try again. Seconds. */
const RETRY_AFTER_S = { tooMany: 30, stopping: 2 };

export interface SubscriptionStreamParts {
  readonly router: AnyTRPCRouter;
  readonly feed: SessionFeed;
  readonly streams: OpenStreams;
}

/**
 * Sends the stream of a subscription, of Gatehouse's router or the app's. It is counted, ends with the session of its request or when the
 * user gets another role, and ends when the server stops. `abort` ends the procedure.
 */
export function subscriptionStream({ router, feed, streams }: SubscriptionStreamParts) {
  function refuseStream(res: ExpressResponse, response: Response, reason: Reason, retryAfterS: number): void {
    response.body?.cancel().catch(() => undefined);
    res.setHeader('Retry-After', retryAfterS);
    refuseCall(res, reason);
  }

  return (req: ExpressRequest, res: ExpressResponse, response: Response, abort: () => void): void => {
    if (streams.isStopping) {
      abort();
      return refuseStream(res, response, 'STORAGE_UNAVAILABLE', RETRY_AFTER_S.stopping);
    }
    const session = signedInSession(req);
    const close = streams.open({
      session: session?.handle ?? clientAddress(req) ?? '',
      userId: session?.userId,
      stop: () => {
        sent.end();
        abort();
      },
    });
    if (!close) {
      abort();
      return refuseStream(res, response, 'TOO_MANY_ATTEMPTS', RETRY_AFTER_S.tooMany);
    }
    let goodbye: NodeJS.Timeout | undefined;
    const unwatch =
      session &&
      feed.watch(session.handle, (event) => {
        if ((event.kind === 'ready' || event.kind === 'user') && event.user && event.user.role !== session.role && !isOwnStream(req)) {
          // What the procedure checked no longer holds. The client connects again, and everything is checked again.
          sent.end();
          return abort();
        }
        if (event.kind !== 'ended') return;
        goodbye = setTimeout(() => {
          sent.end(errorEvent(router, event.reason === 'unavailable' ? 'STORAGE_UNAVAILABLE' : event.reason));
          abort();
        }, GOODBYE_MS);
      });
    const sent = streamResponse(res, response, () => {
      clearTimeout(goodbye);
      unwatch?.();
      close();
    });
  };
}

/** A stream that reports the end of the session itself. */
const isOwnStream = ({ path }: ExpressRequest): boolean => path.endsWith('/auth.changes');

/** undefined: nobody is signed in, or the session could not be loaded. The router refuses what needs one. */
function signedInSession(req: ExpressRequest): { handle: string; userId: string; role: Role } | undefined {
  try {
    const state = sessionOf(req).state();
    return state.signedIn ? { handle: state.session.handle, userId: state.user.id, role: state.user.role } : undefined;
  } catch {
    return undefined;
  }
}

/** An error in tRPC's format of server-sent events. Its client ends the subscription with this error, or reconnects if it is a 503. */
function errorEvent(router: AnyTRPCRouter, reason: Reason): string {
  const shape = getTRPCErrorShape({
    config: router._def._config,
    error: refuse(reason),
    type: 'subscription',
    path: undefined,
    input: undefined,
    ctx: undefined,
  });
  return `event: serialized-error\ndata: ${JSON.stringify(shape)}\n\n`;
}
