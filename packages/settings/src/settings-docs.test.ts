import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findProjectRoot } from './project-root.ts';
import { readSettings } from './read-settings.ts';
import { envExample, PAGE_END, PAGE_START, pageWithTables, settingsTables } from './settings-docs.ts';
import { SETTINGS_TABLE } from './settings-table.ts';

const root = findProjectRoot(import.meta.dirname);
// If this fails, run: pnpm --filter @gatehouse/settings write-docs

test('.env.example lists all settings and no others', () => {
  const example = readFileSync(join(root, '.env.example'), 'utf8');
  const names = example.match(/(?<=^#)[A-Z_]+(?==)/gm);
  expect(names).toEqual(SETTINGS_TABLE.map(({ name }) => name));
  expect(example).toBe(envExample());
});

test('.env.example shows the actual defaults', () => {
  const example = Object.fromEntries([...envExample().matchAll(/^#([A-Z_]+)=(.*)$/gm)].map(([, name = '', value]) => [name, value]));
  expect(readSettings(example, { projectRoot: root })).toEqual(readSettings({}, { projectRoot: root }));
});

test('the tables of apps/docs/reference/settings.md are up to date', () => {
  const page = readFileSync(join(root, 'apps/docs/reference/settings.md'), 'utf8');
  expect(page).toBe(pageWithTables(page));
});

test('the tables replace only the text between the markers', () => {
  expect(pageWithTables(`a\n${PAGE_START}\nold\n${PAGE_END}\nb`)).toBe(`a\n${PAGE_START}\n\n${settingsTables()}\n\n${PAGE_END}\nb`);
  expect(pageWithTables('no markers')).toBeUndefined();
});
