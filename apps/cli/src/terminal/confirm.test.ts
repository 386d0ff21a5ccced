import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { cliAtTerminal, hasTerminals } from '../../test-support/at-terminal.ts';

const [FIRST, EARLIER] = ['kZ8w3vQn5rT1yXc7bM2pL9dF4hJ6sA0g', 'hV3tq8Zk1rX0bN7mC5wE9yU2iO6pA4sD'];

let file: string;
beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-confirm-'));
  file = join(folder, 'settings.env');
  writeFileSync(file, `SESSION_SECRET=${FIRST},${EARLIER}\n`);
  onTestFinished(() => rmSync(folder, { recursive: true }));
});

test.skipIf(!hasTerminals()).each([
  ['Enter alone', '\r', 130, `SESSION_SECRET=${FIRST},${EARLIER}\n`],
  ['n', 'n', 130, `SESSION_SECRET=${FIRST},${EARLIER}\n`],
  ['Ctrl+C', '\u0003', 130, `SESSION_SECRET=${FIRST},${EARLIER}\n`],
  ['y', 'y', 0, `SESSION_SECRET=${FIRST}\n`],
])('before something is destroyed, a question says what: %s', async (_, keys, code, after) => {
  const terminal = cliAtTerminal(['secret', 'rotate', '--retire', '--file', file], { env: { HOME: join(file, '..') } });
  await terminal.see('Remove 1 earlier secret of SESSION_SECRET? The sessions that they signed end.');
  terminal.type(keys);
  if (code !== 0) await terminal.see('Cancelled; nothing was changed.');
  expect(await terminal.exited).toBe(code);
  expect(readFileSync(file, 'utf8')).toBe(after);
});
