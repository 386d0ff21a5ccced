/** What a person does with a page, by hand, key, voice or the browser's own buttons; and the opening of the page itself. */
const ACTS = ['pointerdown', 'click', 'keydown', 'input', 'popstate', 'pageshow'] as const;

/** A request that comes this long after the last act is not its consequence: a retry, a timer, a window that got the focus back. */
const CONSEQUENCE_MS = 10_000;

export interface PersonWatch {
  /** A request that is made now follows something that a person did. */
  readonly caused: () => boolean;
  readonly stop: () => void;
}

export interface PersonWatchOptions {
  /** Default: the window. Where there is none, as in Node, every request is a person's. */
  readonly target?: EventTarget | undefined;
  /** Milliseconds of a clock that nobody sets. */
  readonly now?: () => number;
}

/**
 * Tells a person's requests from the page's own. By what the person did and not by a mark on each request that is made without one:
 * a new interval that nobody thought to mark must not keep a session alive for ever.
 */
export function watchPerson({
  target = (globalThis as { window?: EventTarget }).window,
  now = () => performance.now(),
}: PersonWatchOptions = {}): PersonWatch {
  if (!target) return { caused: () => true, stop: () => {} };
  // Someone opened the page.
  let lastActMs = now();
  const note = () => void (lastActMs = now());
  for (const act of ACTS) target.addEventListener(act, note, { capture: true, passive: true });
  return {
    caused: () => now() - lastActMs <= CONSEQUENCE_MS,
    stop() {
      for (const act of ACTS) target.removeEventListener(act, note, { capture: true });
    },
  };
}
