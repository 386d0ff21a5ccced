import { expect, test } from 'vitest';
import { runBench } from '../test-support/run-bench.ts';

test('pnpm bench --quick measures our servers beside others', async () => {
  const output = await runBench('main.ts', ['--quick', '--contenders', 'SQLite|redis$']);
  for (const title of ['`auth.me`', 'Sign-in', 'Many sessions']) expect(output).toContain(title);
  expect(output).toMatch(/^Gatehouse db, SQLite +\d/m);
  expect(output).toMatch(/^better-auth get-session, SQLite +\d/m);
  expect(output).not.toContain('failed:');
});

test('pnpm bench:sign-in --quick measures concurrent sign-ins and refusals', async () => {
  const output = await runBench('sign-in/main.ts', ['--quick']);
  expect(output).toMatch(/^sign-ins .* 20 × 200$/m);
  expect(output).toMatch(/^unknown name +\d/m);
});
