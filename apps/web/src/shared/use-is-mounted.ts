import { useEffect, useRef } from 'react';

/** Whether the component is still mounted, for callbacks of slow requests. */
export function useIsMounted(): () => boolean {
  const mounted = useRef(false);
  useEffect(() => {
    mounted.current = true;
    return () => void (mounted.current = false);
  }, []);
  return () => mounted.current;
}
