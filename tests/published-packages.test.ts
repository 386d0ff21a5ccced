import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { publishedManifest, publishedPackages, root, VENDORED } from '../scripts/packages/published.ts';

// What an install of them does: pnpm test:packages.

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };

test('the packages of the product are published', () => {
  const names = publishedPackages.map(({ name }) => name.replace('@gatehouse/', ''));
  expect(names).toEqual(['accounts', 'api', 'client', 'contract', 'doctor', 'limits', 'server', 'session', 'settings', 'prisma']);
});

test.each(publishedPackages.map((one) => [one.name, one] as const))('%s is published as npm reads it', (_name, one) => {
  const manifest = publishedManifest(one);
  expect(manifest).toMatchObject({ version, description: expect.stringMatching(/./), license: 'MIT', engines: { node: '>=22.12' } });
  expect(manifest).not.toHaveProperty('private');
  const text = JSON.stringify(manifest);
  expect(text).not.toMatch(/workspace:|catalog:|"\.\/(?!dist\/|package\.json)[\w-]+\//);
  expect(VENDORED.filter((name) => text.includes(`"${name}"`))).toEqual([]);
});

test('what helps this repository’s own tests is not published', () => {
  const subpaths = publishedPackages.flatMap((one) => Object.keys(publishedManifest(one)['exports'] as object));
  expect(subpaths.filter((subpath) => /testing|test-databases/.test(subpath))).toEqual([]);
});
