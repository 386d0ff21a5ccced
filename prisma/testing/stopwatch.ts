const TICK_MS = 10;

/** What one tick may be late and still count in full: the event loop is busy, and the machine is not. */
const MOST_OF_A_TICK_MS = 40;

let runMs = 0;
let lastTick = performance.now();

const passed = (): number => Math.min(performance.now() - lastTick, MOST_OF_A_TICK_MS);

setInterval(() => {
  runMs += passed();
  lastTick = performance.now();
}, TICK_MS).unref();

/**
 * Milliseconds since now by a clock that stands still while this process gets no time: a time limit is kept or not whatever else the
 * machine does. A server under test that runs in the same process stands still with it; what it waits for does not.
 */
export function stopwatch(): () => number {
  const begun = runMs + passed();
  return () => runMs + passed() - begun;
}
