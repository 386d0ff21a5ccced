import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

// Workers inherit it: what one has compiled the next one finds.
process.env['NODE_COMPILE_CACHE'] ??= join(import.meta.dirname, 'node_modules/.cache/compiled');

/** The long tier: the rounds of what has one quick round in an ordinary file beside it. */
const LONG = '**/*.long.test.ts';

export default defineConfig({
  test: {
    // A test is red if it leaves a rejection behind; e2e tests drive a real browser and take their time.
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
          // A worker imports the modules once for all its files: half the processor time is theirs otherwise.
          isolate: false,
          // Limits, not waits: a busy machine takes its time to start what a file needs.
          testTimeout: 120_000,
          hookTimeout: 120_000,
          expect: { poll: { timeout: 20_000 } },
          // Most of them wait for a server, a time limit or a commit more than they compute.
          maxWorkers: Math.max(3, availableParallelism()),
        },
      },
      {
        test: {
          name: 'browser',
          include: ['apps/*/e2e/**/*.e2e.test.ts'],
          // After the unit tests: a page that waits for a busy machine fails by its own time limits.
          sequence: { groupOrder: 1 },
          // Each file has a server of its own, each worker a browser.
          isolate: false,
          maxWorkers: 2,
          // Limits, not waits: the first test of a file has both to start, beside whatever else the machine does.
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
          // After the others, where all run: they load the machine.
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
