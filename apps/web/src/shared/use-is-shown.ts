import { useEffect, useRef } from 'react';

/** For an answer that comes late: is the component still there to show it? */
export function useIsShown(): () => boolean {
  const shown = useRef(false);
  useEffect(() => {
    shown.current = true;
    return () => void (shown.current = false);
  }, []);
  return () => shown.current;
}
