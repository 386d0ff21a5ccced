import type { SessionUser, SignedOutReason } from '@gatehouse/contract';
import type { ChangeHint, ChangeSubscription, Engine, PeekedSession } from '../engine-port.ts';

export type LiveEvent =
  /** The session was found live after `watch` was called, with this user: no later change is missed. */
  | { readonly kind: 'ready'; readonly user: SessionUser | null }
  /** The account changed. */
  | { readonly kind: 'user'; readonly user: SessionUser | null }
  /** A session of the same user began or ended. */
  | { readonly kind: 'sessions' }
  /** The last event. `unavailable`: the storage has not confirmed the session for too long. */
  | { readonly kind: 'ended'; readonly reason: SignedOutReason | 'unavailable' };

export interface SessionFeed {
  /**
   * Calls `onEvent` with the changes of a session until it ends or the returned function is called. `expiresAtMs`: as of the caller's load,
   * to distinguish an expiry before the first check from another end. Default: unknown.
   */
  watch(handle: string, onEvent: (event: LiveEvent) => void, expiresAtMs?: number): () => void;
  /** Number of active calls of `watch`. */
  readonly size: number;
  /** Stops watching. No listener is called afterwards. */
  close(): Promise<void>;
}

export interface SessionFeedOptions {
  readonly engine: Pick<Engine, 'peek' | 'subscribe'>;
  /** Epoch milliseconds, as for the engine. Default: `Date.now`. */
  readonly now?: () => number;
  /** Called if a check fails. It is repeated soon. Default: nothing. */
  readonly onError?: ((error: unknown) => void) | undefined;
  readonly timing?: Partial<FeedTiming>;
}

/** Milliseconds. */
export interface FeedTiming {
  /** Between two polls while no hints arrive, at most. */
  readonly pollMs: number;
  /** The same at least. A poll that takes a twentieth of it or less is repeated after this time. */
  readonly minPollMs: number;
  /** Between two checks of all sessions while hints arrive. */
  readonly recheckMs: number;
  /** After this time without a confirmation by the storage, a session counts as ended. */
  readonly unconfirmedMs: number;
  /** How long the subscription is kept after the last session was released. */
  readonly lingerMs: number;
}

export const FEED_TIMING: FeedTiming = { pollMs: 500, minPollMs: 250, recheckMs: 10_000, unconfirmedMs: 30_000, lingerMs: 30_000 };

/** Hints that arrive within this time share one check. Milliseconds. */
const GATHER_MS = 20;

interface Watched {
  readonly handle: string;
  readonly listeners: Set<(event: LiveEvent) => void>;
  /** As of the last check; undefined: not checked yet. */
  known: PeekedSession | undefined;
  expiresAtMs: number;
  /** By the monotonic clock. */
  confirmedAtMs: number;
}

/**
 * Watches sessions for live connections: one feed for each process. It checks all watched sessions together with `peek`: every 250 to
 * 500 ms, or, if the engine reports changes, after each report and every 10 s. Only `peek` counts: a hint alone ends nothing, and no
 * connection outlives its session because a hint was lost. Not activity.
 */
export function createSessionFeed({ engine, now = Date.now, onError, timing }: SessionFeedOptions): SessionFeed {
  const { pollMs, minPollMs, recheckMs, unconfirmedMs, lingerMs } = { ...FEED_TIMING, ...timing };
  const watched = new Map<string, Watched>();
  const ofUser = new Map<string, Set<Watched>>();
  /** Sessions to include in the next check, besides those that are due anyway. */
  const dirty = new Set<Watched>();
  let subscription: ChangeSubscription | undefined;
  let areHintsReliable = false;
  let lastFullCheckMs = -Infinity;
  let idleSinceMs = 0;
  let size = 0;
  let isClosed = false;
  let checking: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let timerAtMs = Infinity;

  const clock = (): number => performance.now();

  function schedule(delayMs: number): void {
    const atMs = clock() + delayMs;
    if (isClosed || timerAtMs <= atMs) return;
    clearTimeout(timer);
    timerAtMs = atMs;
    timer = setTimeout(run, delayMs).unref();
  }

  function run(): void {
    timerAtMs = Infinity;
    if (checking) return;
    checking = check().finally(() => {
      checking = undefined;
    });
  }

  function onHint(hint: ChangeHint): void {
    if (hint === 'anything') for (const one of watched.values()) dirty.add(one);
    else if ('handle' in hint) mark(watched.get(hint.handle));
    else for (const one of ofUser.get(hint.userId) ?? []) dirty.add(one);
    if (dirty.size > 0) schedule(GATHER_MS);
  }

  function mark(one: Watched | undefined): void {
    if (one) dirty.add(one);
  }

  function onConnected(isConnected: boolean): void {
    areHintsReliable = isConnected;
    // Changes may have gone unreported, so check all sessions.
    lastFullCheckMs = -Infinity;
    schedule(0);
  }

  /** The sessions to check now. No engine reports an expiry. */
  function due(): Watched[] {
    const isFull = clock() - lastFullCheckMs >= (areHintsReliable ? recheckMs : 0);
    if (isFull) lastFullCheckMs = clock();
    const nowMs = now();
    const asked = [...watched.values()].filter((one) => isFull || dirty.has(one) || !one.known || one.expiresAtMs <= nowMs);
    dirty.clear();
    return asked;
  }

  async function check(): Promise<void> {
    const startedMs = clock();
    const asked = due();
    if (asked.length > 0) {
      try {
        const found = await engine.peek(asked.map(({ handle }) => handle));
        for (const one of asked) if (watched.get(one.handle) === one) compare(one, found.get(one.handle), startedMs);
      } catch (error) {
        lastFullCheckMs = -Infinity;
        onError?.(error);
      }
      endUnconfirmed();
    }
    const tookMs = clock() - startedMs;
    if (watched.size > 0) idleSinceMs = clock();
    else if (clock() - idleSinceMs >= lingerMs) return stopListening();
    const everyMs = areHintsReliable ? pollMs : Math.min(pollMs, Math.max(minPollMs, 20 * tookMs));
    // On a slow storage, checks take at most a third of the time.
    schedule(dirty.size > 0 ? GATHER_MS : Math.min(recheckMs, Math.max(everyMs - tookMs, 2 * tookMs)));
  }

  function compare(one: Watched, found: PeekedSession | undefined, askedAtMs: number): void {
    const { known } = one;
    if (!found) return end(one, one.expiresAtMs <= now() ? 'SESSION_EXPIRED' : 'SESSION_ENDED');
    one.known = found;
    one.expiresAtMs = found.expiresAtMs;
    one.confirmedAtMs = askedAtMs;
    if (!known) {
      if (found.userId !== null) mapAdd(ofUser, found.userId, one);
      return emit(one, { kind: 'ready', user: found.user });
    }
    if (JSON.stringify(known.user) !== JSON.stringify(found.user)) emit(one, { kind: 'user', user: found.user });
    if (known.listVersion !== found.listVersion) emit(one, { kind: 'sessions' });
  }

  function endUnconfirmed(): void {
    const before = clock() - unconfirmedMs;
    for (const one of watched.values()) if (one.confirmedAtMs < before) end(one, 'unavailable');
  }

  function end(one: Watched, reason: SignedOutReason | 'unavailable'): void {
    const listeners = [...one.listeners];
    // First, so that a listener which releases itself is not counted twice.
    one.listeners.clear();
    size -= listeners.length;
    forget(one);
    for (const listener of listeners) listener({ kind: 'ended', reason });
  }

  function emit(one: Watched, event: LiveEvent): void {
    for (const listener of one.listeners) listener(event);
  }

  function forget(one: Watched): void {
    watched.delete(one.handle);
    dirty.delete(one);
    const userId = one.known?.userId;
    const others = typeof userId === 'string' ? ofUser.get(userId) : undefined;
    others?.delete(one);
    if (others?.size === 0) ofUser.delete(userId as string);
  }

  function startListening(): void {
    if (subscription || !engine.subscribe) return;
    subscription = engine.subscribe({ onHint, onConnected });
  }

  function stopListening(): void {
    const open = subscription;
    subscription = undefined;
    areHintsReliable = false;
    open?.close().catch((error: unknown) => onError?.(error));
  }

  return {
    watch(handle, onEvent, expiresAtMs = Infinity) {
      if (isClosed) throw new Error('The session feed is closed.');
      const one = watched.get(handle) ?? { handle, listeners: new Set(), known: undefined, expiresAtMs, confirmedAtMs: clock() };
      watched.set(handle, one);
      // Each call has a listener of its own, also for the same function.
      const listener = (event: LiveEvent): void => onEvent(event);
      one.listeners.add(listener);
      size += 1;
      // The known state may be from before this call, so check the session again for this listener.
      const { known } = one;
      if (known) queueMicrotask(() => one.listeners.has(listener) && listener({ kind: 'ready', user: known.user }));
      dirty.add(one);
      startListening();
      schedule(GATHER_MS);
      return () => {
        if (!one.listeners.delete(listener)) return;
        size -= 1;
        if (one.listeners.size === 0) forget(one);
      };
    },
    get size() {
      return size;
    },
    async close() {
      isClosed = true;
      clearTimeout(timer);
      watched.clear();
      ofUser.clear();
      dirty.clear();
      size = 0;
      await checking?.catch(() => undefined);
      await subscription?.close();
      subscription = undefined;
    },
  };
}

function mapAdd<Key, Value>(map: Map<Key, Set<Value>>, key: Key, value: Value): void {
  const values = map.get(key) ?? new Set();
  values.add(value);
  map.set(key, values);
}
