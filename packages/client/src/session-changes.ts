import type { SessionChange } from '@gatehouse/contract';
import { errorReason, signedOutReason } from './errors.ts';
import { canShare, isLast, shareStream, type ConnectionState, type StreamListeners, type WatchedChange } from './shared-stream.ts';

export type { ConnectionState, WatchedChange } from './shared-stream.ts';

interface SubscribeOptions {
  readonly context: { readonly userId?: string | undefined };
  readonly onData: (change: SessionChange) => void;
  readonly onError: (error: unknown) => void;
  readonly onComplete: () => void;
  readonly onConnectionStateChange: (state: { readonly state: 'idle' | 'connecting' | 'pending' }) => void;
}

/** The part of a client that is used: any client whose router contains Gatehouse's. */
export interface ChangesClient {
  readonly auth: { readonly changes: { subscribe(input: undefined, options: SubscribeOptions): { unsubscribe(): void } } };
}

export interface WatchSessionOptions {
  readonly client: ChangesClient;
  /** The user that the page was loaded for. Needed to notice another user, and to share the stream. @default the one who is signed in */
  readonly userId?: string | undefined;
  /** `ended` and `other-user` are the last events. A network error is none: the connection is made again, for as long as it takes. */
  readonly onEvent: (change: WatchedChange) => void;
  readonly onConnection?: ((state: ConnectionState) => void) | undefined;
  /** Use one stream for all tabs of the browser, which allows only six connections to a server over HTTP/1.1. @default true */
  readonly shared?: boolean | undefined;
}

/** The delay after an error that no reconnect of the link repairs, such as too many streams. Milliseconds. */
const REFUSED_RETRY_MS = 30_000;

/**
 * Tells of changes of the session as they happen: that it ended, that the user's account changed, and that a session of the user began or
 * ended. It is never activity. After every (re)connect comes `ready`: read again, in the background, what may have changed meanwhile.
 *
 *     const stop = watchSession({ client, userId: me.user.id, onEvent: ({ kind }) => kind === 'ended' && showSignIn() });
 *
 * @returns a function that closes the stream.
 */
export function watchSession({ client, userId, onEvent, onConnection, shared = true }: WatchSessionOptions): () => void {
  let isStopped = false;
  let state: ConnectionState | undefined;
  let close = (): void => undefined;

  function receive(change: WatchedChange): void {
    if (isStopped) return;
    if (isLast(change)) stop();
    onEvent(change);
  }

  function setState(next: ConnectionState): void {
    if (isStopped || next === state) return;
    state = next;
    onConnection?.(next);
  }

  function stop(): void {
    isStopped = true;
    close();
  }

  const listeners: StreamListeners = {
    onChange: receive,
    onState: setState,
  };
  const open = (own: StreamListeners): (() => void) => openStream(client, userId, own);
  setState('connecting');
  close = shared && userId !== undefined && canShare() ? shareStream(`gatehouse changes ${userId}`, open, listeners) : open(listeners);
  // It may have ended at once.
  if (isStopped) close();
  return stop;
}

/** A stream of this tab's own. The link reconnects after network errors; here, after a refusal that may be temporary. */
function openStream(client: ChangesClient, userId: string | undefined, { onChange, onState }: StreamListeners): () => void {
  let isClosed = false;
  let subscription: { unsubscribe(): void } | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function retry(delayMs: number): void {
    if (isClosed) return;
    onState('connecting');
    clearTimeout(timer);
    timer = setTimeout(subscribe, delayMs * (0.5 + Math.random() / 2));
  }

  function subscribe(): void {
    let hasEnded = false;
    subscription = client.auth.changes.subscribe(undefined, {
      context: { userId },
      onData(change) {
        if (change.kind === 'ended') hasEnded = true;
        if (!isClosed) onChange(change);
      },
      onError(error) {
        if (isClosed) return;
        const reason = signedOutReason(error);
        if (reason) onChange({ kind: 'ended', reason });
        else if (errorReason(error) === 'USER_CHANGED') onChange({ kind: 'other-user' });
        else retry(REFUSED_RETRY_MS);
      },
      onComplete() {
        if (!hasEnded) retry(1000);
      },
      onConnectionStateChange({ state }) {
        if (!isClosed && state !== 'idle') onState(state === 'pending' ? 'open' : 'connecting');
      },
    });
  }

  subscribe();
  return () => {
    isClosed = true;
    clearTimeout(timer);
    subscription?.unsubscribe();
  };
}
