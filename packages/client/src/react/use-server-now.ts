import { useEffect, useState } from 'react';
import { serverTime } from './server-clock.ts';
import { useMe } from './use-me.ts';

/** The server's time, moving on by itself without asking; undefined until `useMe` has an answer. */
export function useServerNow({ everyMs }: { everyMs: number }): Date | undefined {
  const { data, dataUpdatedAt } = useMe();
  const [clientNowMs, setClientNowMs] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setClientNowMs(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return data && serverTime({ serverNow: data.serverNow, receivedAtMs: dataUpdatedAt }, clientNowMs);
}
