import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { findProjectRoot } from './project-root.ts';

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-root-'));
afterAll(() => rmSync(folder, { recursive: true }));

function make(path: string, file?: string): string {
  const made = join(folder, path);
  mkdirSync(made, { recursive: true });
  if (file !== undefined) writeFileSync(join(made, file), '');
  return made;
}

test('in the repository: the workspace, whatever the working directory', () => {
  const root = make('repository', 'pnpm-workspace.yaml');
  expect(findProjectRoot(make('repository/packages/settings/src'), make('elsewhere'))).toBe(root);
});

test('installed: the closest package.json above the working directory, also inside a pnpm workspace', () => {
  make('shop', 'pnpm-workspace.yaml');
  const app = make('shop/apps/web', 'package.json');
  const installed = make('shop/node_modules/@gatehouse/settings/dist');
  expect(findProjectRoot(installed, app)).toBe(app);
  expect(findProjectRoot(installed, make('shop/apps/web/src'))).toBe(app);
});

test('without any package.json: the working directory', () => {
  const bare = make('bare');
  expect(findProjectRoot(make('node_modules/settings'), bare)).toBe(bare);
});
