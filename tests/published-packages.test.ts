import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packedReadme } from '../scripts/packages/packed-readme.ts';
import { publishedManifest, publishedPackages, root, VENDORED } from '../scripts/packages/published.ts';

// What an install of them does: pnpm test:packages.

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };

test('the packages of the product are published', () => {
  const names = publishedPackages.map(({ name }) => name.replace('@gatehouse/', ''));
  expect(names).toEqual([
    'accounts',
    'api',
    'client',
    'contract',
    'create-gatehouse',
    'doctor',
    'limits',
    'server',
    'session',
    'settings',
    'prisma',
  ]);
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
  // For the tests of apps.
  const forApps = ['./testing', './testing'];
  expect(subpaths.filter((subpath) => /testing|test-support|test-databases/.test(subpath))).toEqual(forApps);
});

test('they are released together, in one version', () => {
  const { fixed } = JSON.parse(readFileSync(join(root, '.changeset/config.json'), 'utf8')) as { fixed: string[][] };
  expect(fixed, 'List every published package in .changeset/config.json.').toEqual([publishedPackages.map(({ name }) => name).sort()]);
});

test.each(publishedPackages.map(({ name, folder }) => [name, folder]))(
  'the README of %s leads nowhere else when packed',
  (_name, folder) => {
    const text = readFileSync(join(root, folder, 'README.md'), 'utf8');
    expect(packedReadme({ folder, text })).not.toMatch(/\]\(\.\.\//);
  },
);

test('links that leave a package are changed when its README is packed', () => {
  const text = 'See [`@gatehouse/client`](../client/README.md) and [engines](../../docs/engines.md#tls), or [above](#options).';
  const folder = 'packages/server';
  const client = '[`@gatehouse/client`](https://www.npmjs.com/package/@gatehouse/client)';
  expect(packedReadme({ folder, text, repositoryUrl: 'https://example.org/gatehouse' })).toBe(
    `See ${client} and [engines](https://example.org/gatehouse/blob/HEAD/docs/engines.md#tls), or [above](#options).`,
  );
  expect(packedReadme({ folder, text, repositoryUrl: undefined })).toContain(
    `See ${client} and engines, or [above](#options).\n\nFiles named here`,
  );
});
