import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

const page = read('docs/install.md');
const blocks = [...page.matchAll(/(?:<!-- (?<file>\S+) -->\n)?```(?:ts|tsx|js)\n(?<code>[^]*?)```\n/g)].map(({ groups }) => ({
  file: groups?.['file'] ?? '',
  code: groups?.['code'] ?? '',
}));

test('docs/install.md shows what pnpm test:packages runs', () => {
  expect(blocks.length).toBeGreaterThan(6);
  for (const { file, code } of blocks) {
    expect(file, `Name the file above this block of docs/install.md, as <!-- tests/foreign/… -->:\n${code}`).toMatch(/^tests\/foreign\//);
    expect(existsSync(join(root, file)), file).toBe(true);
    expect(code, `Copy ${file} into docs/install.md.`).toBe(read(file));
  }
});

test('docs/install.md shows something of every foreign folder', () => {
  const folders = globSync('tests/foreign/*/package.json', { cwd: root }).map((file) => file.split('/')[2]);
  expect(folders.filter((folder) => !page.includes(`<!-- tests/foreign/${folder}/`))).toEqual([]);
});

test.each([
  ['packages/server/README.md', 'tests/foreign/quick-start/app.ts'],
  ['packages/client/README.md', 'tests/foreign/vite-react/src/app.tsx'],
  ['apps/docs/start.md', 'tests/foreign/quick-start/app.ts'],
  ['apps/docs/start.md', 'tests/foreign/quick-start/add-user.ts'],
  ['apps/docs/guide/own-users.md', 'apps/example/src/users/table-users.ts'],
  ['apps/docs/guide/own-users.md', 'apps/example/src/users/app-with-users.ts'],
  ['apps/docs/guide/own-users.md', 'apps/example/src/users/ldap-users.ts'],
  ['apps/docs/guide/oidc.md', 'apps/example/src/users/oidc-users.ts'],
  ['apps/docs/guide/oidc.md', 'apps/example/src/users/oidc-sign-in.ts'],
])('%s shows %s', (readme, file) => {
  expect(read(readme), `Copy ${file} into ${readme}.`).toContain(`\n${read(file)}\`\`\``);
});

test('the foreign folders use the versions of the catalog, so that both are updated together', () => {
  const catalog = new Map(
    [...read('pnpm-workspace.yaml').matchAll(/^ {2}"?([@\w/.-]+)"?: (\S+)$/gm)].map(([, name, version]) => [name, version]),
  );
  const { version } = JSON.parse(read('package.json')) as { version: string };
  const wrong = globSync('tests/foreign/*/package.json', { cwd: root }).flatMap((file) => {
    const manifest = JSON.parse(read(file)) as Record<'dependencies' | 'devDependencies', Record<string, string> | undefined>;
    return Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })
      .filter(([name, range]) =>
        name.startsWith('@gatehouse/') ? range !== version : range !== catalog.get(name) && range !== express4(catalog, name),
      )
      .map(([name, range]) => `${file}: ${name} ${range}`);
  });
  expect(wrong, 'Take the versions of pnpm-workspace.yaml.').toEqual([]);
});

/** The CommonJS app has Express 4. */
const express4 = (catalog: ReadonlyMap<string | undefined, string | undefined>, name: string): string | undefined =>
  name === 'express' ? catalog.get('express4')?.replace('npm:express@', '') : undefined;
