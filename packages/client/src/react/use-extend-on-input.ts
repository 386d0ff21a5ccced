import { useEffect, useRef } from 'react';
import { extendOnInput } from './extend-on-input.ts';
import { useGatehouse } from './gatehouse-context.ts';
import { useMe } from './use-me.ts';
import { estimateServerTime } from './use-server-now.ts';

/**
 * Extends the session while the user types or points in the page, also without calls of the page: someone who writes a long text is not
 * idle. At most one call per tenth of the idle time. Use it once, in the layout of the signed-in pages.
 *
 * @param options.enabled false while the page asks the user whether to stay signed in. @default true
 */
export function useExtendOnInput({ enabled = true }: { enabled?: boolean } = {}): void {
  const { refreshSession } = useGatehouse();
  const { data: me, dataUpdatedAt: receivedAtMs } = useMe();
  const latest = useRef({ me, receivedAtMs });
  useEffect(() => {
    latest.current = { me, receivedAtMs };
  });
  useEffect(() => {
    const { window } = globalThis as { window?: EventTarget };
    if (!enabled || !window) return;
    return extendOnInput({
      session: () => latest.current.me?.session,
      now: () => serverTime(latest.current),
      extend: () => refreshSession({ background: false }),
      target: window,
    });
  }, [enabled, refreshSession]);
}

const serverTime = ({ me, receivedAtMs }: { me: { readonly serverNow: Date } | undefined; receivedAtMs: number }): Date =>
  me ? estimateServerTime({ serverNow: me.serverNow, receivedAtMs }, Date.now()) : new Date();
