import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

test('generating again does nothing and prints nothing', () => {
  const generate = (): string => execFileSync(process.execPath, [join(import.meta.dirname, 'generate.ts')], { encoding: 'utf8' });
  generate();
  expect(generate()).toBe('');
});
