/** What the user does in the page: mouse, touch, keyboard, voice input. Not `click`, because scripts click as well. */
const EVENTS = ['pointerdown', 'keydown', 'input'] as const;

/** The idle time is counted from the last input up to this part of it. */
const PRECISION = 1 / 10;

/** After a failure, input tries again, but not with every key. */
const RETRY_MS = 30_000;

export interface ExtendedSession {
  readonly lastActivity: Date;
  readonly expires: Date;
  readonly absoluteExpires: Date;
}

export interface ExtendOnInputOptions {
  /** The session's times as known to this page; other tabs share theirs. undefined: nobody is signed in. */
  readonly session: () => ExtendedSession | undefined;
  /** The server's time. */
  readonly now: () => Date;
  /** Calls the server as the user, which extends the session. */
  readonly extend: () => Promise<void>;
  readonly target: EventTarget;
}

/**
 * Extends the session when the user does something in the page and the last activity is a tenth of the idle time ago, so that someone who
 * types a long text is not idle. Timers and requests of the page extend nothing. Tabs need no message for it: each learns the new times of
 * the session, and then has nothing to extend.
 * @returns a function that stops it.
 */
export function extendOnInput({ session, now, extend, target }: ExtendOnInputOptions): () => void {
  let isExtending = false;
  let notBeforeMs = -Infinity;

  async function onInput(): Promise<void> {
    const times = session();
    const nowMs = now().getTime();
    if (!times || isExtending || nowMs < notBeforeMs || !isDue(times, nowMs)) return;
    isExtending = true;
    // Also after a success: activity that the server does not count, because only data writes renew the session, is not sent with every key.
    notBeforeMs = nowMs + RETRY_MS;
    // A refusal signs the page out; without a connection, the next input tries again.
    await extend().catch(() => undefined);
    isExtending = false;
  }

  const listener = () => void onInput();
  for (const event of EVENTS) target.addEventListener(event, listener, { capture: true, passive: true });
  return () => {
    for (const event of EVENTS) target.removeEventListener(event, listener, { capture: true });
  };
}

function isDue({ lastActivity, expires, absoluteExpires }: ExtendedSession, nowMs: number): boolean {
  const canBeExtended = expires < absoluteExpires && nowMs < expires.getTime();
  const idleMs = expires.getTime() - lastActivity.getTime();
  return canBeExtended && nowMs - lastActivity.getTime() >= idleMs * PRECISION;
}
