import { inSeconds } from '@gatehouse/contract';
import { useEffect, useState } from 'react';

/** "Try again in 40 seconds.", counting down. A timer's changes are not read out: the alert around it has said when. */
export function RetryCountdown({ seconds }: { seconds: number }) {
  const [endMs] = useState(() => Date.now() + seconds * 1000);
  const [left, setLeft] = useState(seconds);
  useEffect(() => {
    const timer = setInterval(() => setLeft(Math.max(0, Math.ceil((endMs - Date.now()) / 1000))), 1000);
    return () => clearInterval(timer);
  }, [endMs]);
  return <span role="timer"> {left > 0 ? `Try again ${inSeconds(left)}.` : 'You can try again now.'}</span>;
}
