import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CHECKS } from './checks.ts';
import { DOCS_END, DOCS_START, pageWithChecks } from './doctor-docs.ts';
import { SETTINGS_CHECK } from './examine.ts';

const page = readFileSync(join(import.meta.dirname, '../../../docs/doctor.md'), 'utf8');

test('docs/doctor.md contains the comments above the checks', () => {
  expect(page, 'run: pnpm --filter @gatehouse/doctor write-docs').toBe(pageWithChecks(page));
});

test('docs/doctor.md has exactly one section for each check, in the same order', () => {
  const sections = [...page.matchAll(/^### `(.+)`$/gm)].map(([, id]) => id);
  expect(sections).toEqual([SETTINGS_CHECK, ...CHECKS.map(({ id }) => id)]);
});

test('only the text between the markers is replaced', () => {
  const written = pageWithChecks(`before\n${DOCS_START}\nobsolete text\n${DOCS_END}\nafter`);
  expect(written).toMatch(/^before\n<!--/);
  expect(written).toMatch(/-->\nafter$/);
  expect(written).not.toContain('obsolete text');
  expect(pageWithChecks('no markers')).toBeUndefined();
});
