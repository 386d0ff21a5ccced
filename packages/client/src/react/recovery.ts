import type { Query, QueryClient } from '@tanstack/react-query';
import { errorReason, isUnreachable } from '../errors.ts';

const FIRST_MS = 5_000;
const MAX_MS = 60_000;

export interface RecoveryOptions {
  readonly queryClient: QueryClient;
  /** Asks the server for anything, as nobody's activity. Rejects if it does not answer. */
  readonly ask: () => Promise<unknown>;
}

/**
 * While something on screen got no answer, asks now and then whether the server is back, and then loads it again. A browser tells
 * when its own network is back, but not when the server is. One question for all of it, so that nothing on screen flickers.
 */
export function recoverQueries({ queryClient, ask }: RecoveryOptions): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let tries = 0;
  let stopped = false;
  const cache = queryClient.getQueryCache();
  const someFailed = () => cache.getAll().some(hasNoAnswer);

  function schedule(): void {
    if (stopped || timer !== undefined) return;
    if (!someFailed()) {
      tries = 0;
      return;
    }
    const waitMs = Math.min(MAX_MS, FIRST_MS * 2 ** tries);
    tries += 1;
    // Not in every tab at the same moment: a server that comes back is not asked by all at once.
    timer = setTimeout(() => void tryNow(), waitMs * (0.8 + Math.random() * 0.4));
  }

  async function tryNow(): Promise<void> {
    try {
      await ask();
      await queryClient.refetchQueries({ type: 'active', predicate: hasNoAnswer });
    } catch {
      // Not yet.
    } finally {
      timer = undefined;
      schedule();
    }
  }

  const unsubscribe = cache.subscribe(schedule);
  return () => {
    stopped = true;
    unsubscribe();
    clearTimeout(timer);
  };
}

/** A fault of the server's own is not that: it does not go away by asking again. */
const hasNoAnswer = (query: Query): boolean =>
  query.isActive() &&
  query.state.status === 'error' &&
  query.state.fetchStatus === 'idle' &&
  isUnreachable(query.state.error) &&
  errorReason(query.state.error) !== 'INTERNAL';
