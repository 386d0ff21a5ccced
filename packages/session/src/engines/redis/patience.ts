import { StorageUnavailableError } from '../../errors.ts';
import { withTimeout } from '../../with-timeout.ts';

/** Commands that were given up and that the library still holds; more are refused until it lets go of some. */
const MOST_HELD = 200;

/** Nobody waits for the answer any more; nothing was heard of the server. */
export class GivenUpError extends StorageUnavailableError {
  override readonly name = 'GivenUpError';
}

export interface PatienceOptions {
  readonly forMs: number;
  /** What the error says. */
  readonly otherwise: string;
}

/**
 * Waits for an answer no longer than `forMs`. The library cannot be told to forget a command, and behind Sentinel keeps each in a line until
 * there is a master: what is given up there would fill the memory for as long as there is none.
 */
export function createPatience({ forMs, otherwise }: PatienceOptions) {
  let held = 0;
  return async <Answer>(ask: () => Promise<Answer>): Promise<Answer> => {
    if (held >= MOST_HELD) throw new GivenUpError(otherwise);
    const answer = ask();
    const onTimeout = (): never => {
      held += 1;
      const release = (): void => void (held -= 1);
      answer.then(release, release);
      throw new GivenUpError(otherwise);
    };
    return withTimeout(answer, { ms: forMs, onTimeout });
  };
}
