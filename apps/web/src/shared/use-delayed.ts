import { useEffect, useState } from 'react';

/** Shorter waits feel immediate, and a spinner would only flicker. */
const DELAY_MS = 150;

/** Becomes true once `active` has been true for a noticeable time, and false immediately. */
export function useDelayed(active: boolean): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    if (!active) return;
    const timer = setTimeout(() => setLate(true), DELAY_MS);
    return () => {
      clearTimeout(timer);
      setLate(false);
    };
  }, [active]);
  return active && late;
}
