import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

test('pnpm bench --quick: every server serves, every storage is filled, asked and emptied', { timeout: 120_000 }, async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [join(import.meta.dirname, 'main.ts'), '--quick'], { timeout: 110_000 });
  for (const title of ['`auth.me`', 'Sign-in', 'Many sessions']) expect(stdout).toContain(title);
  expect(stdout).toMatch(/^Gatehouse db, SQLite +\d/m);
  expect(stdout).toMatch(/^better-auth get-session, SQLite +\d/m);
  expect(stdout).not.toContain('failed:');
});
