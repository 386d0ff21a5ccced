import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { generateDatabaseClient } from './prepare.ts';

// `pnpm faults`: every fault of every storage, with figures. Kills the server fifty times per engine and database; `pnpm test:long` kills
// it fifty times in total.
const FILES = ['faults', 'kill.long.test', 'slow-clients', 'clock-jump', 'failing-calls'];

await generateDatabaseClient();
const vitest = join(import.meta.dirname, '../node_modules/vitest/vitest.mjs');
const { status } = spawnSync(
  process.execPath,
  [vitest, 'run', '--project', 'unit', '--project', 'long', ...FILES, ...process.argv.slice(2)],
  {
    stdio: 'inherit',
    env: { FAULT_KILLS: '50', ...process.env },
  },
);
process.exit(status ?? 1);
