import { randomBytes } from 'node:crypto';
import type { ChangeHint, ChangeListener, ChangeSubscription, Engine } from '../engine-port.ts';

/** Messages between all processes on a storage. They may be lost. */
export interface ChangeMessages {
  publish(message: string): Promise<unknown>;
  /**
   * Receives messages until the returned function is called. `onLost`: there will be no more messages, because the connection was lost. A
   * connection that reconnects by itself need not call it.
   */
  subscribe(onMessage: (message: string) => void, onLost: () => void): Promise<() => Promise<void>>;
}

export interface ChangesOptions extends ChangeMessages {
  /** Milliseconds between two heartbeats. Default: 1000. */
  readonly beatMs?: number;
}

interface Subscription {
  isLost: boolean;
  stop: () => Promise<void>;
}

/** Maximum number of missing heartbeats. After that, the process subscribes again. */
const MAX_MISSING_BEATS = 10;
/** The longest wait before the next try to subscribe. The wait doubles with each subscription that received no heartbeat. */
const MAX_WAIT_BEATS = 16;

/**
 * Changes by messages: `session <handle> <user>`, `user <user>` and `beat <process> <number>`.
 *
 * No storage keeps a message for a subscriber whose connection is lost, and a lost connection may go unnoticed for a long time. So each
 * process also publishes its own heartbeat. While it does not receive it, the listener counts as disconnected and polls. The same happens
 * if the account has no right to publish or to subscribe, or if something between process and storage drops messages.
 */
export const createChanges =
  ({ publish, subscribe, beatMs = 1000 }: ChangesOptions): NonNullable<Engine['subscribe']> =>
  (listener) => {
    const process = randomBytes(9).toString('base64url');
    let sent = 0;
    let heard = 0;
    let beats = 0;
    let tries = 0;
    let nextTryBeat = 0;
    let isConnected = false;
    let isClosed = false;
    let opening: Promise<void> | undefined;
    let current: Subscription | undefined;

    function setConnected(value: boolean): void {
      if (value === isConnected || isClosed) return;
      isConnected = value;
      listener.onConnected(value);
    }

    function receive(message: string): void {
      const [kind, subject = '', ...rest] = message.split(' ');
      if (kind !== 'beat') return tell(listener, message);
      if (subject !== process) return;
      heard = Math.max(heard, Number(rest[0]));
      // Only the newest heartbeat shows that no messages are being lost.
      if (heard !== sent) return;
      tries = 0;
      setConnected(true);
    }

    async function open(): Promise<void> {
      nextTryBeat = beats + Math.min(2 ** tries, MAX_WAIT_BEATS);
      tries += 1;
      const subscription: Subscription = { isLost: false, stop: async () => undefined };
      try {
        subscription.stop = await subscribe(receive, () => {
          subscription.isLost = true;
          if (current === subscription) drop();
        });
        if (isClosed || subscription.isLost) return await subscription.stop();
        current = subscription;
        heard = sent;
        publishBeat();
      } catch {
        // The connection reports its errors. The account may also lack a right. A later heartbeat tries again.
      } finally {
        opening = undefined;
      }
    }

    function drop(): void {
      const dropped = current;
      current = undefined;
      setConnected(false);
      dropped?.stop().catch(() => undefined);
    }

    function publishBeat(): void {
      sent += 1;
      publish(`beat ${process} ${sent}`).catch(() => setConnected(false));
    }

    function beat(): void {
      if (current && sent - heard > MAX_MISSING_BEATS) drop();
      if (!current) {
        if (!opening && beats >= nextTryBeat) opening = open();
      } else {
        if (heard !== sent) setConnected(false);
        publishBeat();
      }
      beats += 1;
    }

    const timer = setInterval(beat, beatMs).unref();
    beat();
    return {
      async close() {
        isClosed = true;
        clearInterval(timer);
        await opening;
        await current?.stop();
      },
    } satisfies ChangeSubscription;
  };

/** The message of a hint. */
export function messageOf(hint: ChangeHint): string {
  if (hint === 'anything') return hint;
  return 'handle' in hint ? `session ${hint.handle} ` : `user ${hint.userId}`;
}

function tell({ onHint }: ChangeListener, message: string): void {
  for (const hint of hintsOf(message)) onHint(hint);
}

/** User ids may contain spaces. An unknown message comes from another version, so anything may have changed. */
function hintsOf(message: string): ChangeHint[] {
  const [kind, handle = ''] = message.split(' ', 2);
  if (kind === 'user') return [{ userId: message.slice('user '.length) }];
  if (kind !== 'session') return ['anything'];
  const userId = message.slice(`session ${handle} `.length);
  return userId === '' ? [{ handle }] : [{ handle }, { userId }];
}
