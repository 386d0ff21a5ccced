import { useEffect, useState } from 'react';

/** Below this a change of state feels immediate, and a spinner is only a flicker. */
const PERCEPTIBLE_MS = 150;

/** True once `active` has been true for a perceptible time; false at once when it is not. */
export function useDelayed(active: boolean): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    if (!active) return;
    const timer = setTimeout(() => setLate(true), PERCEPTIBLE_MS);
    return () => {
      clearTimeout(timer);
      setLate(false);
    };
  }, [active]);
  return active && late;
}
