import type { SessionChange } from '@gatehouse/contract';

/** A change of the session that a page was loaded with. `other-user`: a different user is signed in now. */
export type WatchedChange = SessionChange | { readonly kind: 'other-user' };

export const isLast = ({ kind }: WatchedChange): boolean => kind === 'ended' || kind === 'other-user';

export type ConnectionState = 'connecting' | 'open';

export interface StreamListeners {
  readonly onChange: (change: WatchedChange) => void;
  readonly onState: (state: ConnectionState) => void;
}

/** Between tabs. `to`: only for this tab. */
type Message =
  | { readonly type: 'change'; readonly change: WatchedChange; readonly to?: string }
  | { readonly type: 'state'; readonly state: ConnectionState; readonly to?: string }
  | { readonly type: 'hello'; readonly from: string };

/** How often a visible tab checks that the tab with the stream still runs, and how long that one may take to answer. Milliseconds. */
const CHECK_MS = { interval: 15_000, answer: 3000 };

/** The parts of the browser that are used. Tests and other packages compile this without its types. */
interface BrowserParts {
  readonly document?: EventTarget & { readonly visibilityState: string };
  readonly navigator?: {
    readonly locks?: {
      request(name: string, options: { steal?: boolean; signal?: AbortSignal }, run: () => Promise<void> | undefined): Promise<unknown>;
    };
  };
}

const browser = globalThis as BrowserParts;

/** Old browsers, embedded ones and Node lack Web Locks or BroadcastChannel: each tab then has its own stream. */
export const canShare = (): boolean =>
  typeof BroadcastChannel !== 'undefined' && browser.document !== undefined && browser.navigator?.locks !== undefined;

/**
 * One stream for all tabs of the browser. The tab that holds the lock has the stream and passes on what it hears; when that tab is closed,
 * the browser gives the lock to another. A visible tab takes the lock by force if its holder does not answer: phones suspend background
 * tabs together with their locks.
 *
 * @param name names the lock and the channel.
 * @returns a function that leaves.
 */
export function shareStream(
  name: string,
  open: (listeners: StreamListeners) => () => void,
  { onChange, onState }: StreamListeners,
): () => void {
  const own = crypto.randomUUID();
  const stopped = new AbortController();
  const channel = new BroadcastChannel(name);
  /** Closes the stream, if this tab has it. */
  let closeStream: (() => void) | undefined;
  let state: ConnectionState = 'connecting';
  let answerDue: ReturnType<typeof setTimeout> | undefined;

  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a BroadcastChannel reaches only its own origin
  const post = (message: Message): void => channel.postMessage(message);

  channel.addEventListener('message', (event) => {
    const message = (event as unknown as { readonly data: Message }).data;
    if (message.type === 'hello') {
      if (!closeStream) return;
      post({ type: 'state', state, to: message.from });
      if (state === 'open') post({ type: 'change', change: { kind: 'ready' }, to: message.from });
      return;
    }
    clearTimeout(answerDue);
    if (message.to !== undefined && message.to !== own) return;
    // The last word of the tab that had the stream before may arrive after its lock.
    if (closeStream && !(message.type === 'change' && isLast(message.change))) return;
    if (message.type === 'change') onChange(message.change);
    else if (message.type === 'state') setState(message.state);
  });

  function setState(next: ConnectionState): void {
    if (next === state) return;
    state = next;
    onState(next);
  }

  /** Asks the tab with the stream for its state; takes over if it is silent. */
  function check(): void {
    if (closeStream || browser.document?.visibilityState !== 'visible') return;
    clearTimeout(answerDue);
    answerDue = setTimeout(() => hold({ steal: true }), CHECK_MS.answer);
    post({ type: 'hello', from: own });
  }

  function hold(options: { readonly steal?: boolean }): void {
    if (stopped.signal.aborted) return;
    // `steal` and `signal` exclude each other.
    const request = options.steal ? options : { ...options, signal: stopped.signal };
    browser.navigator?.locks
      ?.request(name, request, () => {
        // A waiting request of this tab gets the lock after a stolen one.
        if (closeStream || stopped.signal.aborted) return undefined;
        return new Promise<void>((resolve) => lead(resolve));
      })
      .catch(() => {
        // Stolen by a visible tab: wait for the next turn. Or this tab has left.
        endStream();
        if (!stopped.signal.aborted) hold({});
      });
  }

  let release: (() => void) | undefined;
  function lead(done: () => void): void {
    clearTimeout(answerDue);
    release = done;
    state = 'connecting';
    closeStream = open({
      onChange(change) {
        post({ type: 'change', change });
        onChange(change);
      },
      onState(next) {
        post({ type: 'state', state: next });
        setState(next);
      },
    });
  }

  function endStream(): void {
    closeStream?.();
    closeStream = undefined;
    release?.();
    release = undefined;
  }

  hold({});
  check();
  const timer = setInterval(check, CHECK_MS.interval);
  browser.document?.addEventListener('visibilitychange', check);

  return () => {
    stopped.abort();
    clearInterval(timer);
    clearTimeout(answerDue);
    browser.document?.removeEventListener('visibilitychange', check);
    endStream();
    channel.close();
  };
}
