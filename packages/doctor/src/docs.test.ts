import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CHECKS } from './checks.ts';
import { SETTINGS_CHECK } from './examine.ts';

test('docs/doctor.md has a section for each check, in their order, and no other', () => {
  const text = readFileSync(join(import.meta.dirname, '../../../docs/doctor.md'), 'utf8');
  const sections = [...text.matchAll(/^### `(.+)`$/gm)].map(([, id]) => id);
  expect(sections).toEqual([SETTINGS_CHECK, ...CHECKS.map(({ id }) => id)]);
});
