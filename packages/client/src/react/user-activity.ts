/** Events that the user causes directly (mouse, touch, keyboard, voice input, Back and Forward), and opening the page. */
const EVENTS = ['pointerdown', 'click', 'keydown', 'input', 'popstate', 'pageshow'] as const;

/** Requests later than this after the last event come from retries, timers or window focus, not from the user. */
const RECENT_MS = 10_000;

export interface UserActivity {
  /** Whether a request that is made now was probably caused by the user. */
  readonly isRecent: () => boolean;
  readonly stop: () => void;
}

export interface UserActivityOptions {
  /** The default is the window. Without one, as in Node, all requests count as caused by the user. */
  readonly target?: EventTarget | undefined;
  /** A monotonic clock, in milliseconds. */
  readonly now?: () => number;
}

/**
 * Distinguishes requests that the user caused from background requests of the page. It looks at user events instead of marking background
 * requests, so that a new timer that nobody thought to mark does not keep a session alive forever.
 */
export function watchUserActivity({
  target = (globalThis as { window?: EventTarget }).window,
  now = () => performance.now(),
}: UserActivityOptions = {}): UserActivity {
  if (!target) return { isRecent: () => true, stop: () => {} };
  // Opening the page counts as activity.
  let lastEventMs = now();
  const onEvent = () => void (lastEventMs = now());
  for (const event of EVENTS) target.addEventListener(event, onEvent, { capture: true, passive: true });
  return {
    isRecent: () => now() - lastEventMs <= RECENT_MS,
    stop() {
      for (const event of EVENTS) target.removeEventListener(event, onEvent, { capture: true });
    },
  };
}
