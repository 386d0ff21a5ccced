import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

// Preloaded into every measured process (`node --import`), so that all are measured in the same way. The CPU time covers all
// threads, including password hashing and garbage collection.
export interface Usage {
  /** User and system time since the start of the process, in milliseconds. */
  readonly cpuMs: number;
  /** Maximum resident memory so far. */
  readonly peakMiB: number;
}

/** What a measured process is asked. `memory`: the resident memory in MiB, after a garbage collection. */
export type Question = 'usage' | 'memory';

process.on('message', (message: unknown) => {
  if (message === 'memory') return void process.send?.(residentMiB());
  if (message !== 'usage') return;
  const { user, system } = process.cpuUsage();
  process.send?.({ cpuMs: (user + system) / 1000, peakMiB: process.resourceUsage().maxRSS / 1024 } satisfies Usage);
});
process.channel?.unref();
// The benchmark has ended without stopping this process.
process.on('disconnect', () => process.exit(0));

function residentMiB(): number {
  // Not a flag of the process, so that the same process can be measured without it.
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as (options: { type: 'major'; flavor: 'last-resort' }) => void;
  // Without this flavor, V8 keeps the pages that a burst of requests needed.
  collectGarbage({ type: 'major', flavor: 'last-resort' });
  return process.memoryUsage.rss() / 2 ** 20;
}
