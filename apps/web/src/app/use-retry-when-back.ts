import { useGatehouse } from '@gatehouse/client/react';
import { onlineManager } from '@tanstack/react-query';
import { useEffect, useEffectEvent } from 'react';

const ASK_AGAIN_MS = 10_000;

/**
 * Retries when the network is back, and if `asks`, when the server answers again. That is found out behind the page, so that what
 * stands there does not flicker.
 */
export function useRetryWhenBack({ retry, asks }: { retry: () => void; asks: boolean }): void {
  const { presence } = useGatehouse();
  const onBack = useEffectEvent(retry);
  useEffect(() => onlineManager.subscribe((online) => online && onBack()), []);
  useEffect(() => {
    if (!asks) return;
    const timer = setInterval(
      () =>
        void presence({ retry: false, background: true }).then(
          () => onBack(),
          () => undefined,
        ),
      ASK_AGAIN_MS,
    );
    return () => clearInterval(timer);
  }, [asks, presence]);
}
