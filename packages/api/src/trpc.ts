import { STREAM_PING_MS, STREAM_SILENCE_MS } from '@gatehouse/contract';
import { initTRPC } from '@trpc/server';
import type { Context } from './context.ts';
import { errorDetails } from './error-shape.ts';

export interface ProcedureMeta {
  /** false: this mutation is not sensitive, or asks for the password itself. Every other mutation must be a `freshProcedure`. */
  readonly sensitive: false;
}

export const t = initTRPC
  .context<Context>()
  .meta<ProcedureMeta>()
  .create({
    // By default tRPC decides by NODE_ENV, and `isDev` puts stack traces into responses.
    isDev: false,
    sse: {
      ping: { enabled: true, intervalMs: STREAM_PING_MS },
      client: { reconnectAfterInactivityMs: STREAM_SILENCE_MS },
    },
    errorFormatter({ shape, error, ctx }) {
      const { message, ...details } = errorDetails(error);
      const requestId = shape.data.httpStatus >= 500 ? ctx?.requestId : undefined;
      return { ...shape, message, data: { ...shape.data, ...details, ...(requestId && { requestId }) } };
    },
  });

/** Makes a router of an app's own procedures. */
export const router = t.router;

/** Puts routers side by side: `mergeRouters(gatehouseRouter, router({ greet }))` has `auth.me` and `greet`. */
export const mergeRouters = t.mergeRouters;
