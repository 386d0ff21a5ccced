import { openStore } from './open-store.ts';
import type { Store, StoreTarget } from './store.ts';

// Runs the measured operations in a separate process, so that its peak memory can be measured.

export interface Task {
  readonly operation: 'listDevices' | 'count' | 'revokeAll' | 'purge';
  /** One call per user. Empty for operations without a user: one call. */
  readonly userIds: readonly string[];
}

export type TaskResult =
  | { readonly ok: true; readonly medianMs: number; readonly cpuMs: number; readonly affected: number; readonly peakMiB: number }
  | { readonly ok: false; readonly problem: string };

const store = await openStore(JSON.parse(process.env['BENCH_STORE'] ?? '') as StoreTarget);

async function run({ operation, userIds }: Task): Promise<TaskResult> {
  const times: number[] = [];
  let affected = 0;
  const before = process.cpuUsage();
  for (const userId of userIds.length > 0 ? userIds : ['']) {
    const began = performance.now();
    affected = await call(store, operation, userId);
    times.push(performance.now() - began);
  }
  const { user, system } = process.cpuUsage(before);
  times.sort((one, other) => one - other);
  return {
    ok: true,
    medianMs: times[Math.floor(times.length / 2)] ?? 0,
    cpuMs: (user + system) / 1000 / times.length,
    affected,
    peakMiB: process.resourceUsage().maxRSS / 1024,
  };
}

async function call({ listDevices, count, revokeAll, purge }: Store, operation: Task['operation'], userId: string): Promise<number> {
  switch (operation) {
    case 'listDevices':
      return listDevices(userId);
    case 'count':
      return count();
    case 'revokeAll':
      return revokeAll(userId);
    case 'purge':
      return purge ? purge() : 0;
  }
}

process.on('message', (task: Task | 'close') => {
  if (task === 'close') return void store.close().then(() => process.exit(0));
  void run(task).then(
    (result) => process.send?.(result),
    (error: unknown) => process.send?.({ ok: false, problem: error instanceof Error ? error.message : String(error) } satisfies TaskResult),
  );
});
process.on('disconnect', () => process.exit(0));
