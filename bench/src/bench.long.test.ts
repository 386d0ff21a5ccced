import { expect, test } from 'vitest';
import { runBench } from '../test-support/run-bench.ts';

test('pnpm bench --quick: every server serves, every storage is filled, asked and emptied', async () => {
  const said = await runBench('main.ts', ['--quick']);
  for (const title of ['`auth.me`', 'Sign-in', 'Many sessions']) expect(said).toContain(title);
  expect(said).toMatch(/^Gatehouse db, SQLite +\d/m);
  expect(said).toMatch(/^better-auth get-session, SQLite +\d/m);
  expect(said).not.toContain('failed:');
});

test('pnpm bench:sign-in --quick: a storm is answered, refusals are timed', async () => {
  const said = await runBench('sign-in/main.ts', ['--quick']);
  expect(said).toMatch(/^sign-ins .* 20 × 200$/m);
  expect(said).toMatch(/^unknown name +\d/m);
});
