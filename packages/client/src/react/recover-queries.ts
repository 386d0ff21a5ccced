import type { Query, QueryClient } from '@tanstack/react-query';
import { errorReason, isUnreachable } from '../errors.ts';

const INITIAL_DELAY_MS = 5_000;
const MAX_DELAY_MS = 60_000;

export interface RecoveryOptions {
  readonly queryClient: QueryClient;
  /** A background request to the server. Rejects if the server is unavailable. */
  readonly ping: () => Promise<unknown>;
}

/**
 * While queries on screen failed because the server was unavailable, pings it with exponential backoff and refetches them when it is back.
 * (Browsers report when the network is back, but not when the server is.) A single ping for all queries keeps the page from flickering.
 * Returns a function that stops this.
 */
export function recoverQueries({ queryClient, ping }: RecoveryOptions): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let attempts = 0;
  let stopped = false;
  const cache = queryClient.getQueryCache();
  const hasFailedQueries = () => cache.getAll().some(failedUnreachable);

  function schedule(): void {
    if (stopped || timer !== undefined) return;
    if (!hasFailedQueries()) {
      attempts = 0;
      return;
    }
    const delayMs = Math.min(MAX_DELAY_MS, INITIAL_DELAY_MS * 2 ** attempts);
    attempts += 1;
    // Jitter, so that tabs do not all ping the recovering server at the same time.
    timer = setTimeout(() => void attempt(), delayMs * (0.8 + Math.random() * 0.4));
  }

  async function attempt(): Promise<void> {
    try {
      await ping();
      await queryClient.refetchQueries({ type: 'active', predicate: failedUnreachable });
    } catch {
      // Still unavailable.
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

/** Not for `INTERNAL`: a bug in the server does not go away with a retry. */
const failedUnreachable = (query: Query): boolean =>
  query.isActive() &&
  query.state.status === 'error' &&
  query.state.fetchStatus === 'idle' &&
  isUnreachable(query.state.error) &&
  errorReason(query.state.error) !== 'INTERNAL';
