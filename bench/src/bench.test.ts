import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const run = promisify(execFile);

test('pnpm bench --quick: every server serves, every storage is filled, asked and emptied', { timeout: 120_000 }, async () => {
  const { stdout } = await run(process.execPath, [join(import.meta.dirname, 'main.ts'), '--quick'], { timeout: 110_000 });
  for (const title of ['`auth.me`', 'Sign-in', 'Many sessions']) expect(stdout).toContain(title);
  expect(stdout).toMatch(/^Gatehouse db, SQLite +\d/m);
  expect(stdout).toMatch(/^better-auth get-session, SQLite +\d/m);
  expect(stdout).not.toContain('failed:');
});

test('pnpm bench:sign-in --quick: a storm is answered, refusals are timed', { timeout: 60_000 }, async () => {
  const { stdout } = await run(process.execPath, [join(import.meta.dirname, 'sign-in/main.ts'), '--quick'], { timeout: 50_000 });
  expect(stdout).toMatch(/^sign-ins .* 20 × 200$/m);
  expect(stdout).toMatch(/^unknown name +\d/m);
});
