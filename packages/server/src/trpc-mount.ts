import { Refusal, type Context } from '@gatehouse/api';
import type { SessionFeed } from '@gatehouse/session/live';
import { ExpiryPolicyError } from '@gatehouse/session';
import { clientAddress } from '@gatehouse/session/request';
import type { AnyTRPCRouter } from '@trpc/server';
import { type ErrorRequestHandler, type Request, type RequestHandler } from 'express';
import { beforeTrpc } from './before-trpc.ts';
import type { Logger } from './logger.ts';
import type { OpenStreams } from './open-streams.ts';
import { noteFailure } from './request-failure.ts';
import { requestIdOf } from './request-id.ts';
import { refusalFor, toTrpcError } from './to-trpc-error.ts';
import { subscriptionStream } from './subscription-stream.ts';
import { trpcHttp } from './trpc-http.ts';

export interface TrpcMountParts {
  readonly router: AnyTRPCRouter;
  readonly sessions: RequestHandler;
  readonly createContext: (req: Request) => Context | Promise<Context>;
  readonly logger: Logger;
  readonly feed: SessionFeed;
  readonly streams: OpenStreams;
}

/** Why the session of a request could not be loaded. */
const failures = new WeakMap<Request, unknown>();

/** If the session could not be loaded, the router answers, so that each call of a batch gets its error. */
const keepFailure: ErrorRequestHandler = (error, req, res, next) => {
  if (res.headersSent) return next(error);
  failures.set(req, error);
  noteFailure(req, error);
  next();
};

/** The same for a session that was loaded before the router, by a middleware of the app. Other errors of the app are not the router's. */
export const keepEarlierFailure: ErrorRequestHandler = (error, req, res, next) =>
  refusalFor(error) || error instanceof ExpiryPolicyError ? keepFailure(error, req, res, next) : next(error);

/** The router over HTTP, with the sessions that it needs. For the caller's Express router, because each router costs every request time. */
export function mountTrpc({
  router,
  sessions,
  createContext,
  logger,
  feed,
  streams,
}: TrpcMountParts): (RequestHandler | ErrorRequestHandler)[] {
  const handler = trpcHttp({
    router,
    stream: subscriptionStream({ router, feed, streams }),
    refusal: (req) => (failures.has(req) ? toTrpcError(failures.get(req)) : undefined),
    // Only the id is used for a call that is refused.
    createContext: (req) => (failures.has(req) ? ({ requestId: requestIdOf(req) } as Context) : createContext(req)),
    onError({ error, req, path, ctx }) {
      if (error.code === 'SERVICE_UNAVAILABLE') {
        if (!req.res?.headersSent) req.res?.setHeader('Retry-After', '2');
        noteFailure(req, error.cause?.cause);
      }
      const retryAfterSeconds = error.cause instanceof Refusal ? error.cause.retryAfterSeconds : undefined;
      if (retryAfterSeconds !== undefined && !req.res?.headersSent) req.res?.setHeader('Retry-After', retryAfterSeconds);
      if (error.code === 'FORBIDDEN' && error.cause instanceof Refusal) {
        const { reason } = error.cause;
        const state = ctx?.session.state();
        const user = { userId: state?.signedIn ? state.user.id : null, 'client.address': clientAddress(req) };
        // Being asked for the password again is normal use.
        const level = reason === 'REAUTHENTICATION_REQUIRED' ? 'info' : 'warn';
        logger[level]({ event: 'refused', reason, path, id: requestIdOf(req), ...user }, 'A call was refused.');
      }
      if (error.code !== 'INTERNAL_SERVER_ERROR') return;
      logger.error({ err: error.cause ?? error, id: requestIdOf(req), path }, 'A procedure failed.');
    },
  });

  return [beforeTrpc, sessions, keepFailure, handler];
}
