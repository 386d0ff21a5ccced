import { onlineManager, useQueryClient } from '@tanstack/react-query';
import { useCallback, useSyncExternalStore } from 'react';
import { useTranslations } from 'use-intl/react';
import { isServerUnavailable } from '../../shared/failure.ts';
import classes from './connection-notice.module.css';

/** Reports that the network or the server is unavailable, and that this is not a sign-out. */
export function ConnectionNotice() {
  const t = useTranslations('shell');
  const online = useOnline();
  const unavailable = useServerUnavailable();
  // Always rendered, because screen readers announce only changes of an existing live region.
  return (
    <output className={classes.region}>
      {!online && <span className={classes.notice}>{t('offline')}</span>}
      {online && unavailable && <span className={classes.notice}>{t('serverUnavailable')}</span>}
    </output>
  );
}

/** Whether the browser is online, according to TanStack Query. While offline, queries are paused. */
const useOnline = (): boolean =>
  useSyncExternalStore(
    (onChange) => onlineManager.subscribe(onChange),
    () => onlineManager.isOnline(),
  );

/** Whether a query on screen, or for the next page, failed because the server is unavailable. */
function useServerUnavailable(): boolean {
  const queries = useQueryClient().getQueryCache();
  const subscribe = useCallback((onChange: () => void) => queries.subscribe(onChange), [queries]);
  return useSyncExternalStore(subscribe, () =>
    queries
      .getAll()
      .some((query) => (query.isActive() || query.state.fetchStatus === 'fetching') && isServerUnavailable(query.state.fetchFailureReason)),
  );
}
