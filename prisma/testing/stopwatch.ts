const TICK_MS = 10;

/** The most that one tick counts. Longer gaps mean that the machine is busy, not only the event loop. */
const MAX_TICK_MS = 40;

let runMs = 0;
let lastTick = performance.now();

const passed = (): number => Math.min(performance.now() - lastTick, MAX_TICK_MS);

setInterval(() => {
  runMs += passed();
  lastTick = performance.now();
}, TICK_MS).unref();

/**
 * Measures milliseconds with a clock that stops while this process gets no CPU time, so that tests of timeouts do not depend on the load of
 * the machine. A server under test in the same process stops as well, but what it waits for does not.
 */
export function stopwatch(): () => number {
  const startedAt = runMs + passed();
  return () => runMs + passed() - startedAt;
}
