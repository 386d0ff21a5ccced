import { useEffect, useState } from 'react';
import { useMe } from './use-me.ts';

/** The server's current time, updated every `everyMs` without a request; undefined until `useMe` has data. */
export function useServerNow({ everyMs }: { everyMs: number }): Date | undefined {
  const { data, dataUpdatedAt } = useMe();
  const [clientNowMs, setClientNowMs] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setClientNowMs(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return data && estimateServerTime({ serverNow: data.serverNow, receivedAtMs: dataUpdatedAt }, clientNowMs);
}

interface ServerTime {
  readonly serverNow: Date;
  /** When the response arrived, by the client's clock. */
  readonly receivedAtMs: number;
}

/** Uses the client's clock only for the time since the response, so a wrong clock does not change a countdown. */
export const estimateServerTime = ({ serverNow, receivedAtMs }: ServerTime, clientNowMs: number): Date =>
  new Date(serverNow.getTime() + Math.max(0, clientNowMs - receivedAtMs));
