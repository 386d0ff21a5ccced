import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

// Workers inherit the variable and share the compile cache.
process.env['NODE_COMPILE_CACHE'] ??= join(import.meta.dirname, 'node_modules/.cache/compiled');

/** The long tier repeats tests of the file beside it more often. */
const LONG = '**/*.long.test.ts';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: [
            '{packages,apps}/*/src/**/*.test.{ts,tsx}',
            'apps/web/build/**/*.test.ts',
            'prisma/**/*.test.ts',
            'tests/**/*.test.ts',
            'bench/src/**/*.test.ts',
          ],
          exclude: ['**/node_modules/**', '**/generated/**', '**/*.e2e.test.ts', LONG],
          // A worker imports the modules once for all its files. With isolation, imports take half of the processor time.
          isolate: false,
          // Long limits, because a busy machine is slow to start the servers that a file needs.
          testTimeout: 120_000,
          hookTimeout: 120_000,
          expect: { poll: { timeout: 20_000 } },
          // More workers than processors, because most tests wait for a server, a time limit or a commit.
          maxWorkers: Math.max(3, availableParallelism()),
        },
      },
      {
        test: {
          name: 'browser',
          include: ['apps/*/e2e/**/*.e2e.test.ts'],
          // After the unit tests, because on a busy machine a page can exceed its time limits.
          sequence: { groupOrder: 1 },
          // Each file starts a server; each worker starts one browser.
          isolate: false,
          maxWorkers: 2,
          // Long limits, because the first test of a file starts both.
          testTimeout: 240_000,
          hookTimeout: 240_000,
        },
      },
      {
        test: {
          name: 'long',
          include: [LONG],
          exclude: ['**/node_modules/**', '**/generated/**'],
          // Read by prisma/testing/by-tier.ts.
          env: { TEST_TIER: 'long' },
          // After the other tiers, because these tests load the machine.
          sequence: { groupOrder: 2 },
          maxWorkers: 2,
          testTimeout: 600_000,
          hookTimeout: 240_000,
          expect: { poll: { timeout: 20_000 } },
        },
      },
    ],
  },
});
