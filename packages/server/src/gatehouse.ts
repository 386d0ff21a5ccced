import type { IncomingMessage, Server } from 'node:http';
import type { Accounts } from '@gatehouse/accounts';
import type { CustomContext } from '@gatehouse/api';
import type { SignInLimits } from '@gatehouse/limits';
import type { Database } from '@gatehouse/prisma';
import type { Engine } from '@gatehouse/session';
import type { LiveConnection, NoConnection } from '@gatehouse/session/live';
import type { Settings } from '@gatehouse/settings';
import type { AnyTRPCRouter } from '@trpc/server';
import type { ErrorRequestHandler, Request, RequestHandler } from 'express';
import type { EventHandler, EventName } from './events.ts';
import type { PasswordCheck } from './password-check.ts';

export interface TrpcOptions {
  /** The values of `CustomContext` for a request. Called after the session was loaded. */
  readonly context?: (req: Request) => CustomContext | Promise<CustomContext>;
  /** The origin of the app's own pages. @default PUBLIC_URL */
  readonly publicUrl?: string | undefined;
}

/** `context` is required as soon as `CustomContext` has a required property. */
// oxlint-disable-next-line typescript/no-empty-object-type
export type TrpcArguments = {} extends CustomContext
  ? [router?: AnyTRPCRouter, options?: TrpcOptions]
  : [router: AnyTRPCRouter | undefined, options: TrpcOptions & Required<Pick<TrpcOptions, 'context'>>];

export interface StopOptions {
  /** Called when the signal arrives: announce it elsewhere, or close connections that are no requests, such as WebSockets. */
  readonly onSignal?: () => Promise<void> | void;
  /** Called last, when all requests are done and Gatehouse is closed: close what your app has opened. */
  readonly close?: () => Promise<void> | void;
}

/** Gatehouse for an app that brings its own users. */
export interface GatehouseWithUsers {
  readonly settings: Settings;
  /** All stored sessions. Each call is limited in time. */
  readonly engine: Engine;
  /** Loads `req.session` for every request behind it, and stores its changes before the response's headers are sent. */
  readonly sessions: RequestHandler;
  /**
   * The tRPC router: `app.use('/trpc', gatehouse.trpc())`. With your own procedures:
   * `gatehouse.trpc(mergeRouters(gatehouseRouter, router({ greet })))`. It reads bodies itself and needs no `express.json()`.
   * @throws TypeError for a router without Gatehouse's own procedures
   */
  trpc(...args: TrpcArguments): (RequestHandler | ErrorRequestHandler)[];
  /** `GET /healthz`: the process runs. `GET /readyz`: it can serve sessions; 503 if not, and after `announceStop` or `drain`. */
  readonly health: RequestHandler;
  /**
   * `GET /metrics` for Prometheus, if METRICS_TOKEN is set and METRICS_PORT is not; with METRICS_PORT they are on that port. Otherwise 404.
   * Mount it before a handler that answers every path.
   */
  readonly metrics: RequestHandler;
  /**
   * Sends the signed-in user's data as a JSON file (account, sessions, events): `app.get('/account/export', gatehouse.accountExport)` behind
   * `sessions`. Redirects to the sign-in page if the user is signed out, and refuses links on other sites. Streamed, in bounded memory.
   */
  readonly accountExport: RequestHandler[];
  /**
   * Calls the handler for each event of this name: `gatehouse.on('signedIn', ({ userId, at }) => …)`. Handlers run after the request's own
   * work, may be async, and delay or fail no request: an error of a handler is logged. Events of this process only.
   * @returns a function that removes the handler.
   * @throws TypeError for an unknown name.
   */
  on<Name extends EventName>(name: Name, handler: EventHandler<Name>): () => void;
  /**
   * The session of an upgrade request, for `ws`, Socket.IO or `server.on('upgrade')`. Refuses pages of other sites. Within a second of the
   * session's end, on any server, `onEnd` is called and `signal` is aborted; the connection is yours to close. Not activity. Never throws.
   *
   *     server.on('upgrade', async (req, socket, head) => {
   *       const live = await gatehouse.sessionFromUpgrade(req);
   *       if (!live.signedIn) return void socket.end(`HTTP/1.1 ${live.status} \r\n\r\n`);
   *       wss.handleUpgrade(req, socket, head, (ws) => live.onEnd((reason) => ws.close(4001, reason)));
   *     });
   */
  sessionFromUpgrade(req: IncomingMessage): Promise<LiveConnection | NoConnection>;
  /**
   * The same for a route behind `sessions` whose response stays open.
   * @throws Error if the request has not passed `sessions`
   */
  watch(req: IncomingMessage): LiveConnection | NoConnection;
  /**
   * Mount it after all routes. Responds with 401 if the session was ended meanwhile, 409 after a conflict, 503 if the storage is
   * unavailable, and 500 with a request id after an unexpected error, which it logs.
   */
  readonly errors: ErrorRequestHandler;
  /**
   * Stops the server on SIGTERM and Ctrl+C, so that no request fails behind a proxy with a second server: `stopOnSignals(app.listen(3000))`.
   * For SHUTDOWN_DRAIN seconds it serves as before while `/readyz` is 503. For as long again it refuses new connections, and leaves idle
   * ones to the proxy. Then it ends streams, and lets running requests finish for SHUTDOWN_GRACE seconds. Then it calls `close`, and the
   * process exits with 0. Another signal, a second later or more, exits at once with 1. https://nodejs.org/api/process.html#signal-events
   */
  stopOnSignals(server: Server, options?: StopOptions): void;
  /**
   * Makes `/readyz` answer 503 and changes nothing else. `stopOnSignals` calls it. In a stop of your own: call it first, serve for a few
   * more seconds so that load balancers notice, and then call `drain`.
   */
  announceStop(): void;
  /**
   * Makes `/readyz` answer 503, so that a load balancer sends no new requests, and ends open streams and watched connections, which then
   * reconnect elsewhere. `stopOnSignals` calls it.
   */
  drain(): void;
  /** Ends background work and closes the storage. Call it when all requests are done. Repeated calls have no further effect. */
  close(): Promise<void>;
}

export interface Gatehouse extends GatehouseWithUsers {
  readonly accounts: Accounts;
  /** Checks passwords with rate limits and the audit trail, for a sign-in form of your own. */
  readonly passwords: PasswordCheck;
  /** Rate limits of sign-in. */
  readonly limits: SignInLimits;
  readonly database: Database;
  /** Names of the migrations that were applied at this start. */
  readonly appliedMigrations: readonly string[];
}
