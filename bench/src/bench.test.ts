import { expect, test } from 'vitest';
import { runBench } from '../test-support/run-bench.ts';

// With every server and every storage: bench.long.test.ts.
test('pnpm bench --quick: one server serves, and its figures are shown', async () => {
  const said = await runBench('main.ts', ['--quick', '--only', 'me', '--contenders', '^Gatehouse db, SQLite$']);
  expect(said).toContain('`auth.me`');
  expect(said).toMatch(/^Gatehouse db, SQLite +\d/m);
  expect(said).not.toContain('failed:');
});
