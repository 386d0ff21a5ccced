import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useSyncExternalStore } from 'react';
import { isAway } from '../../shared/away.ts';

/** True while something on screen, or on its way there, gets no answer from the server. */
export function useUnanswered(): boolean {
  const queries = useQueryClient().getQueryCache();
  const subscribe = useCallback((onChange: () => void) => queries.subscribe(onChange), [queries]);
  return useSyncExternalStore(subscribe, () =>
    queries
      .getAll()
      .some((query) => (query.isActive() || query.state.fetchStatus === 'fetching') && isAway(query.state.fetchFailureReason)),
  );
}
