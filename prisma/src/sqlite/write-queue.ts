/**
 * SQLite has one writer. The writers of this process stand in one line, first come first served, each for a limited
 * time: without it, one that retries on a timer would starve behind transactions that follow each other directly.
 */
export interface WriteQueue {
  /** Resolves when it is this caller's turn, to the function that ends the turn; undefined after `timeoutMs`. */
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

  /** Ending a turn twice must not end the next one's. */
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
