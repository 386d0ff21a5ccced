import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findProjectRoot } from './project-root.ts';
import { readSettings } from './read-settings.ts';
import { envExample, README_END, README_START, readmeTable, readmeWithTable } from './settings-docs.ts';
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

test('the settings table of the README is up to date', () => {
  const path = join(root, 'README.md');
  const readme = existsSync(path) ? readFileSync(path, 'utf8') : '';
  expect(readme).toBe(readmeWithTable(readme) ?? readme);
});

test('the table replaces only the text between the markers', () => {
  expect(readmeWithTable(`a\n${README_START}\nold\n${README_END}\nb`)).toBe(`a\n${README_START}\n\n${readmeTable()}\n\n${README_END}\nb`);
  expect(readmeWithTable('no markers')).toBeUndefined();
});
