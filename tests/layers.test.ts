import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { importsOf, root, sourcesIn } from './source-imports.ts';

interface Package {
  readonly name: string;
  readonly folder: string;
  readonly dependencies: readonly string[];
  readonly devDependencies: readonly string[];
}

const packages: Package[] = globSync(['prisma/package.json', 'bench/package.json', '{packages,apps}/*/package.json'], { cwd: root }).map(
  (file) => {
    const {
      name,
      dependencies = {},
      devDependencies = {},
    } = JSON.parse(readFileSync(join(root, file), 'utf8')) as {
      name: string;
      dependencies?: Record<string, string>;
      devDependencies?: Record<string, string>;
    };
    return { name, folder: dirname(file), dependencies: Object.keys(dependencies), devDependencies: Object.keys(devDependencies) };
  },
);

/** The table in ARCHITECTURE.md: package → what it may import. */
const layers = new Map(
  [...readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8').matchAll(/^\| `(@gatehouse\/[a-z]+)` \| ([^|]*)\|/gm)].map(
    ([, name = '', list = '']) => [name, [...list.matchAll(/`(@gatehouse\/[a-z]+)`/g)].map(([, imported = '']) => imported)],
  ),
);

const sourcesOf = ({ folder }: Package): string[] => sourcesIn(folder);

const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

const isTest = (file: string): boolean => /\.test\.tsx?$|\.test-d\.ts$|\/(e2e|conformance|test-support)\//.test(file);

test('every package is in the layer table of ARCHITECTURE.md, and nothing else is', () => {
  expect([...layers.keys()].sort()).toEqual(packages.map(({ name }) => name).sort());
});

test('the layer table has no cycle', () => {
  const visit = (name: string, path: readonly string[]): void => {
    expect(path, [...path, name].join(' → ')).not.toContain(name);
    for (const below of layers.get(name) ?? []) visit(below, [...path, name]);
  };
  for (const name of layers.keys()) visit(name, []);
});

describe.each(packages.map((one) => [one.name, one] as const))('%s', (name, one) => {
  const allowed = layers.get(name) ?? [];

  test('depends on no package that the layer table does not allow', () => {
    const declared = one.dependencies.filter((dependency) => dependency.startsWith('@gatehouse/'));
    expect(declared.filter((dependency) => !allowed.includes(dependency))).toEqual([]);
  });

  test('imports only what its package.json declares', () => {
    const declared = new Set([...one.dependencies, ...one.devDependencies, name]);
    const undeclared = sourcesOf(one).flatMap((file) =>
      importsOf(file)
        .filter(({ from }) => from.startsWith('@gatehouse/') && !declared.has(packageOf(from)))
        .map(({ from }) => `${file}: ${from}`),
    );
    expect(undeclared).toEqual([]);
  });

  test('imports down only, outside its tests', () => {
    const wrong = sourcesOf(one)
      .filter((file) => !isTest(file))
      .flatMap((file) =>
        importsOf(file)
          .filter(({ from }) => from.startsWith('@gatehouse/') && packageOf(from) !== name && !allowed.includes(packageOf(from)))
          .map(({ from }) => `${file}: ${from}`),
      );
    expect(wrong).toEqual([]);
  });

  test('does not reach into another package by path', () => {
    const escapes = sourcesOf(one).flatMap((file) =>
      importsOf(file)
        .filter(({ from }) => from.startsWith('.') && !join(dirname(file), from).startsWith(`${one.folder}/`))
        .map(({ from }) => `${file}: ${from}`),
    );
    expect(escapes).toEqual([]);
  });
});

test('the client imports the router as a type alone, so that no server code reaches a browser', () => {
  const client = packages.find(({ name }) => name === '@gatehouse/client');
  expect(client).toBeDefined();
  const values = sourcesOf(client!)
    .filter((file) => !isTest(file))
    .flatMap((file) =>
      importsOf(file)
        .filter(({ from, isType }) => packageOf(from) === '@gatehouse/api' && !isType)
        .map(() => file),
    );
  expect(values).toEqual([]);
});

test('the api package knows no host: no Node module, no Express, no Prisma, no process', () => {
  const api = packages.find(({ name }) => name === '@gatehouse/api');
  expect(api).toBeDefined();
  for (const file of sourcesOf(api!).filter((source) => !isTest(source))) {
    expect(
      importsOf(file)
        .map(({ from }) => from)
        .filter((from) => /^node:|^express|prisma/.test(from)),
      file,
    ).toEqual([]);
    expect(readFileSync(join(root, file), 'utf8'), file).not.toMatch(/\bprocess\./);
  }
});

test('process.env is read in one file of the product', () => {
  const readers = packages
    .filter(({ name }) => name !== '@gatehouse/bench')
    .flatMap(sourcesOf)
    .filter((file) => !isTest(file) && file.includes('/src/') && readFileSync(join(root, file), 'utf8').includes('process.env'));
  expect(readers).toEqual(['packages/settings/src/load-settings.ts']);
});
