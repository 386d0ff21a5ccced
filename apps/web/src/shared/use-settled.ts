import { useEffect, useState } from 'react';

/** Later than anything that someone waits for. */
const SETTLED_MS = 2000;

/** False while the first page may still be loading: what is fetched ahead must not take its place on the line. */
export function useSettled(): boolean {
  const [settled, setSettled] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(true), SETTLED_MS);
    return () => clearTimeout(timer);
  }, []);
  return settled;
}
