import { spawnSync } from 'node:child_process';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseChange, withRelease } from './packages/changelog.ts';
import { root } from './packages/published.ts';

// `pnpm version-packages`: uses up the files in .changeset. Sets the new version in every published package, in the root package.json and in
// tests/foreign, and writes the release into CHANGELOG.md.
const files = globSync('.changeset/*.md', { cwd: root })
  .sort()
  .filter((file) => !file.endsWith('README.md'));
if (files.length === 0) {
  console.error('There is nothing to release: .changeset has no changes. Describe them with `pnpm changeset`.');
  process.exit(1);
}
const changes = files.map((file) => parseChange(file, readFileSync(join(root, file), 'utf8')));

const { status } = spawnSync(join(root, 'node_modules/.bin/changeset'), ['version'], { cwd: root, stdio: 'inherit' });
if (status !== 0) process.exit(status ?? 1);

const { version } = JSON.parse(readFileSync(join(root, 'packages/server/package.json'), 'utf8')) as { version: string };
edit('package.json', (text) => text.replace(/"version": "[^"]*"/, `"version": "${version}"`));
for (const file of globSync('tests/foreign/*/package.json', { cwd: root }))
  edit(file, (text) => text.replaceAll(/("@gatehouse\/[\w-]+": )"[^"]*"/g, `$1"${version}"`));
edit('CHANGELOG.md', (text) => withRelease(text, { version, date: new Date().toISOString().slice(0, 10), changes }));
console.log(`All packages are version ${version} now. Read CHANGELOG.md before you commit.`);

function edit(file: string, change: (text: string) => string): void {
  writeFileSync(join(root, file), change(readFileSync(join(root, file), 'utf8')));
}
