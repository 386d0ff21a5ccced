import type { IncomingMessage, ServerResponse } from 'node:http';
import { isDeepStrictEqual } from 'node:util';
import { BACKGROUND_HEADER, BACKGROUND_HEADER_VALUE, type SessionUser, type SessionView, type SignedOutReason } from '@gatehouse/contract';
import { presentsBearer } from '../bearer-request.ts';
import { isCrossSite } from '../call-origin.ts';
import type { NodeMiddleware } from '../node-request.ts';
import { contextOf, sessionOf } from '../request-context.ts';
import type { RequestSession } from '../request-session.ts';
import { isStorageUnavailable } from '../storage-unavailable.ts';
import type { LiveEvent, SessionFeed } from './session-feed.ts';

/**
 * Why a connection has to be closed. `STORAGE_UNAVAILABLE`: the storage has not confirmed the session for 30 seconds. `STOPPING`: this
 * server shuts down, so the client should connect to another one.
 */
export type EndReason = SignedOutReason | 'STORAGE_UNAVAILABLE' | 'STOPPING';

/** The session behind a connection that stays open: a WebSocket, a stream. Nothing about it is activity. */
export interface LiveConnection {
  readonly signedIn: true;
  /** As of now: a changed name or role shows within a second. */
  readonly user: SessionUser;
  /** As of the beginning of the connection. */
  readonly session: SessionView;
  /** Public id of the session, `ses_…`. */
  readonly handle: string;
  /** Aborted when the connection has to be closed. Its `reason` is an EndReason. */
  readonly signal: AbortSignal;
  /** Calls `listener` once when the connection has to be closed; at once if that was before. Close it there. */
  onEnd(listener: (reason: EndReason) => void): void;
  /** `user`: the account changed. `sessions`: a session of the same user began or ended. */
  onChange(listener: (kind: 'user' | 'sessions') => void): void;
  /**
   * Call it when the connection was closed. It is called for you when the connection of an upgrade, or the response of a request, closes.
   * With Socket.IO: `socket.on('disconnect', live.release)`.
   */
  readonly release: () => void;
}

export interface NoConnection {
  readonly signedIn: false;
  readonly reason: SignedOutReason | 'CROSS_SITE' | 'STORAGE_UNAVAILABLE' | 'STOPPING';
  /** The HTTP status for the response. */
  readonly status: 401 | 403 | 503;
}

export interface LiveConnectionsOptions {
  readonly feed: SessionFeed;
  /** Loads the session of a request that has none yet. */
  readonly sessions: NodeMiddleware;
  /** Origins, besides the server's own, whose pages may connect. */
  readonly trustedOrigins: readonly string[];
  /** Called with an error that is not an outage of the storage. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

export interface LiveConnections {
  /** The session of an upgrade request, for `ws`, Socket.IO or `server.on('upgrade')`. Never throws. */
  fromUpgrade(req: IncomingMessage): Promise<LiveConnection | NoConnection>;
  /** The session of a request behind the session middleware. @throws Error if the request has not passed it */
  watch(req: IncomingMessage): LiveConnection | NoConnection;
  /** Ends all connections, and those to come. */
  stop(): void;
}

const STATUS = { CROSS_SITE: 403, STORAGE_UNAVAILABLE: 503, STOPPING: 503 } as const;

const refused = (reason: NoConnection['reason']): NoConnection => ({
  signedIn: false,
  reason,
  status: reason in STATUS ? STATUS[reason as keyof typeof STATUS] : 401,
});

/** Connections that end with their sessions: see `createSessionFeed`. */
export function createLiveConnections({ feed, sessions, trustedOrigins, onError }: LiveConnectionsOptions): LiveConnections {
  const enders = new Set<(reason: EndReason) => void>();
  let isStopping = false;

  /**
   * Browsers send cookies with a WebSocket handshake of any site, and no CORS rule protects it (CWE-1385). A bearer token is not sent by
   * itself.
   */
  const isForeign = (req: IncomingMessage): boolean => !presentsBearer(req) && isCrossSite(req, trustedOrigins);

  function connect(req: IncomingMessage, session: RequestSession, closing: Closing): LiveConnection | NoConnection {
    if (isStopping) return refused('STOPPING');
    if (isForeign(req)) return refused('CROSS_SITE');
    const state = session.state();
    if (!state.signedIn) return refused(state.reason);
    let { user } = state;
    const { handle } = state.session;
    const ended = new AbortController();
    const changeListeners: ((kind: 'user' | 'sessions') => void)[] = [];

    function receive(event: LiveEvent): void {
      if (event.kind === 'ended') return end(event.reason === 'unavailable' ? 'STORAGE_UNAVAILABLE' : event.reason);
      // The account may have changed between the load and the first check.
      if (event.kind === 'ready' && (!event.user || isDeepStrictEqual(event.user, user))) return;
      if (event.kind !== 'sessions' && event.user) ({ user } = event);
      for (const listener of changeListeners) listener(event.kind === 'sessions' ? 'sessions' : 'user');
    }

    const unwatch = feed.watch(handle, receive, state.session.expires.getTime());

    function end(reason: EndReason): void {
      release();
      ended.abort(reason);
    }

    function release(): void {
      unwatch();
      enders.delete(end);
    }

    enders.add(end);
    closing?.once('close', release);
    return {
      signedIn: true,
      get user() {
        return user;
      },
      session: state.session,
      handle,
      signal: ended.signal,
      onEnd(listener) {
        const call = (): void => listener(ended.signal.reason as EndReason);
        if (ended.signal.aborted) call();
        else ended.signal.addEventListener('abort', call, { once: true });
      },
      onChange: (listener) => void changeListeners.push(listener),
      release,
    };
  }

  return {
    async fromUpgrade(req) {
      if (isStopping) return refused('STOPPING');
      try {
        const session = contextOf(req)?.session ?? (await loadFor(req, sessions));
        // The first request of a Socket.IO connection may be an ordinary one, whose socket closes long before the connection does.
        return connect(req, session, isUpgrade(req) ? req.socket : undefined);
      } catch (error) {
        if (!isStorageUnavailable(error)) onError?.(error);
        return refused('STORAGE_UNAVAILABLE');
      }
    },

    watch: (req) => connect(req, sessionOf(req), (req as { readonly res?: ServerResponse }).res ?? req.socket),

    stop() {
      isStopping = true;
      for (const end of enders) end('STOPPING');
    },
  };
}

type Closing = { once(event: 'close', listener: () => void): unknown } | undefined;

const isUpgrade = ({ headers }: IncomingMessage): boolean => headers.upgrade !== undefined;

/**
 * Loads the session of a request that has no response. It is not activity: a page reconnects without a person. Nothing can be sent, so
 * the headers count as sent, and no session of an earlier app is adopted.
 */
function loadFor(req: IncomingMessage, sessions: NodeMiddleware): Promise<RequestSession> {
  const { headers } = req;
  const name = BACKGROUND_HEADER.toLowerCase();
  const before = headers[name];
  return new Promise((resolve, reject) => {
    const res = { setHeader() {}, getHeader() {}, removeHeader() {}, writeHead() {} };
    headers[name] = BACKGROUND_HEADER_VALUE;
    try {
      sessions(req, res as unknown as ServerResponse, (error?: unknown) =>
        error === undefined
          ? resolve(sessionOf(req))
          : reject(error instanceof Error ? error : new Error('The session could not be loaded.', { cause: error })),
      );
      res.writeHead();
    } finally {
      if (before === undefined) Reflect.deleteProperty(headers, name);
      else headers[name] = before;
    }
  });
}
