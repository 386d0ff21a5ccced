import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findProjectRoot } from './project-root.ts';
import { readSettings } from './read-settings.ts';
import { envExample, README_END, README_START, readmeTable, readmeWithTable } from './settings-docs.ts';
import { SETTINGS_TABLE } from './settings-table.ts';

const root = findProjectRoot(import.meta.dirname);
// Red? `pnpm --filter @gatehouse/settings write-docs` writes both anew.

test('.env.example lists exactly the settings there are', () => {
  const example = readFileSync(join(root, '.env.example'), 'utf8');
  const names = example.match(/(?<=^#)[A-Z_]+(?==)/gm);
  expect(names).toEqual(SETTINGS_TABLE.map(({ name }) => name));
  expect(example).toBe(envExample());
});

test('the defaults shown are those in force', () => {
  const shown = Object.fromEntries([...envExample().matchAll(/^#([A-Z_]+)=(.*)$/gm)].map(([, name = '', value]) => [name, value]));
  expect(readSettings(shown, { projectRoot: root })).toEqual(readSettings({}, { projectRoot: root }));
});

test('the README’s table, where it has one, is the settings’ own', () => {
  const path = join(root, 'README.md');
  const readme = existsSync(path) ? readFileSync(path, 'utf8') : '';
  expect(readme).toBe(readmeWithTable(readme) ?? readme);
});

test('the table goes between the markers and touches nothing else', () => {
  expect(readmeWithTable(`a\n${README_START}\nold\n${README_END}\nb`)).toBe(`a\n${README_START}\n\n${readmeTable()}\n\n${README_END}\nb`);
  expect(readmeWithTable('no markers')).toBeUndefined();
});
