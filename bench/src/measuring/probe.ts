// Preloaded into every measured process (`node --import`), so that all are measured in the same way. The CPU time covers all
// threads, including password hashing and garbage collection.
export interface Usage {
  /** User and system time since the start of the process, in milliseconds. */
  readonly cpuMs: number;
  /** Maximum resident memory so far. */
  readonly peakMiB: number;
}

process.on('message', (message: unknown) => {
  if (message !== 'usage') return;
  const { user, system } = process.cpuUsage();
  process.send?.({ cpuMs: (user + system) / 1000, peakMiB: process.resourceUsage().maxRSS / 1024 } satisfies Usage);
});
process.channel?.unref();
// The benchmark has ended without stopping this process.
process.on('disconnect', () => process.exit(0));
