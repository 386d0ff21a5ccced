import { StorageUnavailableError } from '../../errors.ts';
import { withTimeout } from '../../with-timeout.ts';
import type { TimeLimits } from './time-limits.ts';
import { wrapCommands } from './wrap-commands.ts';

/** Commands that timed out and are still in the client's queue. Further commands are refused until the queue shrinks. */
const MAX_HELD = 200;

/** A command timed out before the server replied. It does not prove that the server is alive or dead. */
export class CommandTimeoutError extends StorageUnavailableError {
  override readonly name = 'CommandTimeoutError';
}

export interface CommandTimeoutOptions {
  readonly timeoutMs: number;
  /** Text of the error. */
  readonly message: string;
}

/**
 * Limits how long a caller waits for a command. The client cannot cancel a command, and behind Sentinel it queues
 * commands until there is a master. The number of abandoned commands is limited, so that a long outage does not fill
 * the memory.
 */
export function createCommandTimeout({ timeoutMs, message }: CommandTimeoutOptions) {
  let held = 0;
  return async <Reply>(send: () => Promise<Reply>): Promise<Reply> => {
    if (held >= MAX_HELD) throw new CommandTimeoutError(message);
    const reply = send();
    const onTimeout = (): never => {
      held += 1;
      const release = (): void => void (held -= 1);
      reply.then(release, release);
      throw new CommandTimeoutError(message);
    };
    return withTimeout(reply, { ms: timeoutMs, onTimeout });
  };
}

/**
 * Limits every command of a Sentinel client, which queues commands without a limit while Sentinel names no master.
 * Other clients fail such commands at once.
 */
export function withCommandTimeout<Commands extends object>(client: Commands, { heldBackMs }: TimeLimits): Commands {
  return wrapCommands(
    client,
    createCommandTimeout({ timeoutMs: heldBackMs, message: `Sentinel named no master that answers within ${heldBackMs} ms.` }),
  );
}
