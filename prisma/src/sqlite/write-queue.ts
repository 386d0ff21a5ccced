/**
 * SQLite allows one writer at a time. The writers of this process wait in a FIFO queue with a timeout. Without it, a writer that retries on a
 * timer would starve behind consecutive transactions.
 */
export interface WriteQueue {
  /** Resolves at the caller's turn to the function that ends the turn, or after `timeoutMs` to undefined. */
  turn(timeoutMs: number): Promise<(() => void) | undefined>;
}

export function createWriteQueue(): WriteQueue {
  let taken = false;
  const waiting = new Set<() => void>();

  const end = (): void => {
    const [next] = waiting;
    if (next) {
      waiting.delete(next);
      next();
    } else {
      taken = false;
    }
  };

  /** Ignores a second call, which would end the next caller's turn. */
  const once = (): (() => void) => {
    let ended = false;
    return () => {
      if (ended) return;
      ended = true;
      end();
    };
  };

  return {
    turn(timeoutMs) {
      if (!taken) {
        taken = true;
        return Promise.resolve(once());
      }
      return new Promise((resolve) => {
        const enter = (): void => {
          clearTimeout(timer);
          resolve(once());
        };
        const timer = setTimeout(() => {
          waiting.delete(enter);
          resolve(undefined);
        }, timeoutMs);
        waiting.add(enter);
      });
    },
  };
}
