import { useGatehouse } from '@gatehouse/client/tanstack';
import { onlineManager } from '@tanstack/react-query';
import { useEffect, useEffectEvent } from 'react';

const PING_INTERVAL_MS = 10_000;

/**
 * Retries when the network is back and, with `pingServer`, when the server responds again. Background pings find that out, so that the
 * page does not flicker.
 */
export function useRetryOnReconnect({ retry, pingServer }: { retry: () => void; pingServer: boolean }): void {
  const { presence } = useGatehouse();
  const onReconnect = useEffectEvent(retry);
  useEffect(() => onlineManager.subscribe((online) => online && onReconnect()), []);
  useEffect(() => {
    if (!pingServer) return;
    const timer = setInterval(
      () =>
        void presence({ retry: false, background: true }).then(
          () => onReconnect(),
          () => undefined,
        ),
      PING_INTERVAL_MS,
    );
    return () => clearInterval(timer);
  }, [pingServer, presence]);
}
