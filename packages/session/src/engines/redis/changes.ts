import { randomBytes } from 'node:crypto';
import type { ChangeHint, ChangeListener, ChangeSubscription, Engine } from '../../engine-port.ts';
import type { SubscribeToChannel } from './connection.ts';
import type { RedisCommands } from './redis-commands.ts';

export interface ChangesParts {
  readonly redis: Pick<RedisCommands, 'publish'>;
  /** Prefix of every key. */
  readonly prefix: string;
  readonly subscribe: SubscribeToChannel;
  /** Milliseconds between two heartbeats. Default: 1000. */
  readonly beatMs?: number;
}

/** Beats after which a refused subscription is tried again. */
const RETRY_BEATS = 5;

/**
 * Changes by Redis' publish and subscribe: the scripts publish to the channel `<prefix>changes` (`tell` in slot-lua.ts).
 *
 * Redis keeps no message for a subscriber whose connection is lost, and a lost connection may not be noticed for long. So
 * each process also publishes a heartbeat of its own. While it does not come back, the listener counts as disconnected,
 * and asks instead of waiting. The same happens where the account has no right to publish or to subscribe.
 */
export const createChanges =
  ({ redis, prefix, subscribe, beatMs = 1000 }: ChangesParts): NonNullable<Engine['subscribe']> =>
  (listener) => {
    const channel = `${prefix}changes`;
    const process = randomBytes(9).toString('base64url');
    let sent = 0;
    let heard = 0;
    let beats = 0;
    let isConnected = false;
    let isClosed = false;
    let opening: Promise<void> | undefined;
    let unsubscribe: (() => Promise<void>) | undefined;

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
      // Only the newest shows that nothing is lost now.
      if (heard === sent) setConnected(true);
    }

    async function open(): Promise<void> {
      try {
        const stop = await subscribe(channel, receive);
        if (isClosed) return await stop();
        unsubscribe = stop;
        publishBeat();
      } catch {
        // Reported by the connection, or a right that the account lacks. The next beats try again.
      } finally {
        opening = undefined;
      }
    }

    function publishBeat(): void {
      sent += 1;
      redis.publish(channel, `beat ${process} ${sent}`).catch(() => setConnected(false));
    }

    function beat(): void {
      if (!unsubscribe) {
        if (!opening && beats % RETRY_BEATS === 0) opening = open();
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
        await unsubscribe?.();
      },
    } satisfies ChangeSubscription;
  };

function tell({ onHint }: ChangeListener, message: string): void {
  for (const hint of hintsOf(message)) onHint(hint);
}

/** User ids may contain spaces. An unknown message is of another version, so anything may have changed. */
function hintsOf(message: string): ChangeHint[] {
  const [kind, handle = ''] = message.split(' ', 2);
  if (kind === 'user') return [{ userId: message.slice('user '.length) }];
  if (kind !== 'session') return ['anything'];
  const userId = message.slice(`session ${handle} `.length);
  return userId === '' ? [{ handle }] : [{ handle }, { userId }];
}
