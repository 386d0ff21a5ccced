// Preloaded into every process that is measured (`node --import`), so that each answers the same question in the same way,
// whatever it runs: its CPU time covers all its threads, password hashing and garbage collection among them.
export interface Usage {
  /** User and system, milliseconds since the process began. */
  readonly cpuMs: number;
  /** Most resident memory it ever had. */
  readonly peakMiB: number;
}

process.on('message', (message: unknown) => {
  if (message !== 'usage') return;
  const { user, system } = process.cpuUsage();
  process.send?.({ cpuMs: (user + system) / 1000, peakMiB: process.resourceUsage().maxRSS / 1024 } satisfies Usage);
});
process.channel?.unref();
// The bench is gone, and nobody is left to stop this process.
process.on('disconnect', () => process.exit(0));
