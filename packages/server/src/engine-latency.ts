import type { AdminStats } from '@gatehouse/contract';
import type { Engine } from '@gatehouse/session';

export interface EngineLatency {
  /** The engine, with its calls measured. */
  readonly engine: Engine;
  /** Of the last five minutes, or of the last thousand calls if there were more. */
  read(): Omit<AdminStats['engine'], 'name'>;
}

const WINDOW_MS = 5 * 60_000;
const SAMPLES = 1024;

/** The calls that requests wait for. A failed call counts as well. */
const READS = ['load', 'find'] as const;
const WRITES = ['create', 'update', 'touch', 'claim', 'destroy'] as const;

/** Measures how long the engine takes. The cost of a call is two readings of the clock, and nothing is allocated for the figures. */
export function measureLatency(engine: Engine, nowMs: () => number = () => performance.now()): EngineLatency {
  const reads = samples(nowMs);
  const writes = samples(nowMs);
  const measured =
    <Args extends unknown[], Result>(call: (...args: Args) => Promise<Result>, { add }: Samples) =>
    async (...args: Args): Promise<Result> => {
      const begin = nowMs();
      try {
        return await call(...args);
      } finally {
        add(nowMs() - begin);
      }
    };
  const wrapped = {
    ...engine,
    ...Object.fromEntries(READS.map((name) => [name, measured(engine[name] as (...args: unknown[]) => Promise<unknown>, reads)])),
    ...Object.fromEntries(WRITES.map((name) => [name, measured(engine[name] as (...args: unknown[]) => Promise<unknown>, writes)])),
  };
  return { engine: wrapped, read: () => ({ reads: reads.summary(), writes: writes.summary() }) };
}

type Samples = ReturnType<typeof samples>;

/** The last durations with their times, in a ring. */
function samples(nowMs: () => number) {
  const durations = new Float64Array(SAMPLES);
  const times = new Float64Array(SAMPLES).fill(-Infinity);
  let next = 0;
  return {
    add(ms: number): void {
      durations[next] = ms;
      times[next] = nowMs();
      next = (next + 1) % SAMPLES;
    },
    summary(): AdminStats['engine']['reads'] {
      const since = nowMs() - WINDOW_MS;
      const recent = durations.filter((_, at) => (times[at] ?? -Infinity) >= since).toSorted();
      const percentile = (share: number): number | null => recent[Math.ceil(recent.length * share) - 1] ?? null;
      return { calls: recent.length, p50Ms: percentile(0.5), p95Ms: percentile(0.95) };
    },
  };
}
