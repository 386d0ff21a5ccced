import { Refusal, type Context } from '@gatehouse/api';
import { clientAddress } from '@gatehouse/session/request';
import { TRPCError } from '@trpc/server';
import express, { type ErrorRequestHandler, type Request, type RequestHandler, type Router } from 'express';
import { refusalFor } from './answering.ts';
import { beforeTrpc } from './before-trpc.ts';
import type { Logger } from './logger.ts';
import { noteFailure, requestIdOf } from './request-log.ts';
import { trpcContext, type ContextParts } from './trpc-context.ts';
import { trpcHttp } from './trpc-http.ts';

/** The router over HTTP, with the sessions it needs. */
export function mountTrpc(sessions: RequestHandler, parts: ContextParts, logger: Logger): Router {
  const failures = new WeakMap<Request, unknown>();

  /** A session that could not be loaded is answered by the router, so that each call of a batch gets its error. */
  const keepFailure: ErrorRequestHandler = (error, req, res, next) => {
    if (res.headersSent) return next(error);
    failures.set(req, error);
    noteFailure(req, error);
    next();
  };

  const router = trpcHttp({
    refusal: (req) => (failures.has(req) ? toTrpcError(failures.get(req)) : undefined),
    // Of a call that is refused only the id is asked for.
    createContext: (req) => (failures.has(req) ? ({ requestId: requestIdOf(req) } as Context) : trpcContext(parts, req)),
    onError({ error, req, path, ctx }) {
      if (error.code === 'SERVICE_UNAVAILABLE') {
        req.res?.setHeader('Retry-After', '2');
        noteFailure(req, error.cause?.cause);
      }
      const retryAfterSeconds = error.cause instanceof Refusal ? error.cause.retryAfterSeconds : undefined;
      if (retryAfterSeconds !== undefined) req.res?.setHeader('Retry-After', retryAfterSeconds);
      if (error.code === 'FORBIDDEN' && error.cause instanceof Refusal) {
        const { reason } = error.cause;
        const state = ctx?.session.state();
        const who = { userId: state?.signedIn ? state.user.id : null, ip: clientAddress(req) };
        // Being asked for the password again is nobody's attempt at anything.
        const level = reason === 'REAUTHENTICATION_REQUIRED' ? 'info' : 'warn';
        logger[level]({ event: 'refused', reason, path, id: requestIdOf(req), ...who }, 'A call was refused.');
      }
      if (error.code !== 'INTERNAL_SERVER_ERROR') return;
      logger.error({ err: error.cause ?? error, id: requestIdOf(req), path }, 'A procedure failed.');
    },
  });

  const mount = express.Router();
  mount.use(beforeTrpc, sessions, keepFailure, router);
  return mount;
}

/** What nobody expects is our own mistake, and is logged whole. */
const toTrpcError = (failure: unknown): TRPCError =>
  refusalFor(failure) ?? new TRPCError({ code: 'INTERNAL_SERVER_ERROR', cause: failure });
