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

/** The layer table of ARCHITECTURE.md: package → allowed imports. Apps need no row: see `allowedFor`. */
const layers = new Map(
  [...readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8').matchAll(/^\| `(@gatehouse\/[a-z-]+|create-gatehouse)` \| ([^|]*)\|/gm)].map(
    ([, name = '', list = '']) => [name, [...list.matchAll(/`(@gatehouse\/[a-z-]+)`/g)].map(([, imported = '']) => imported)],
  ),
);

const isApp = ({ folder }: Package): boolean => folder.startsWith('apps/');

const libraries = packages.filter((one) => !isApp(one) && one.name !== '@gatehouse/bench').map(({ name }) => name);

/** An app without a row may import every package, but no app. */
const allowedFor = (one: Package): readonly string[] => layers.get(one.name) ?? (isApp(one) ? libraries : []);

const howToAllow = ({ name }: Package): string =>
  `The layer table of ARCHITECTURE.md does not let ${name} import this. Imports go down only: move the code that needs it into a package that may import it, pass it in as an argument, or (for a new direction that makes no cycle) add it to the row of ${name}.`;

const sourcesOf = ({ folder }: Package): string[] => sourcesIn(folder);

const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

const isTest = (file: string): boolean => /\.test\.tsx?$|\.test-d\.ts$|\/(e2e|conformance|test-support)\//.test(file);

test('the layer table of ARCHITECTURE.md lists every package, and only packages', () => {
  const missing = packages.filter((one) => !isApp(one) && !layers.has(one.name)).map(({ name }) => name);
  expect(missing, 'Add a row to the layer table of ARCHITECTURE.md: the package, and the packages that it may import.').toEqual([]);
  const unknown = [...layers.keys()].filter((name) => !packages.some((one) => one.name === name));
  expect(unknown, 'Remove the row from the layer table of ARCHITECTURE.md, or correct its name: there is no such package.').toEqual([]);
});

test('the layer table has no cycle', () => {
  const visit = (name: string, path: readonly string[]): void => {
    expect(path, [...path, name].join(' → ')).not.toContain(name);
    for (const below of layers.get(name) ?? []) visit(below, [...path, name]);
  };
  for (const name of layers.keys()) visit(name, []);
});

describe.each(packages.map((one) => [one.name, one] as const))('%s', (name, one) => {
  const allowed = allowedFor(one);

  test('depends only on packages that the layer table allows', () => {
    const declared = one.dependencies.filter((dependency) => dependency.startsWith('@gatehouse/'));
    expect(
      declared.filter((dependency) => !allowed.includes(dependency)),
      howToAllow(one),
    ).toEqual([]);
  });

  test('imports only what its package.json declares', () => {
    const declared = new Set([...one.dependencies, ...one.devDependencies, name]);
    const undeclared = sourcesOf(one).flatMap((file) =>
      importsOf(file)
        .filter(({ from }) => from.startsWith('@gatehouse/') && !declared.has(packageOf(from)))
        .map(({ from }) => `${file}: ${from}`),
    );
    expect(undeclared, `Add the package to the dependencies of ${one.folder}/package.json, as "workspace:*".`).toEqual([]);
  });

  test('imports only what the layer table allows, outside its tests', () => {
    const wrong = sourcesOf(one)
      .filter((file) => !isTest(file))
      .flatMap((file) =>
        importsOf(file)
          .filter(({ from }) => from.startsWith('@gatehouse/') && packageOf(from) !== name && !allowed.includes(packageOf(from)))
          .map(({ from }) => `${file}: ${from}`),
      );
    expect(wrong, howToAllow(one)).toEqual([]);
  });

  test('does not import files of another package by path', () => {
    const escapes = sourcesOf(one).flatMap((file) =>
      importsOf(file)
        .filter(({ from }) => from.startsWith('.') && !join(dirname(file), from).startsWith(`${one.folder}/`))
        .map(({ from }) => `${file}: ${from}`),
    );
    expect(
      escapes,
      'Import what the other package exports, by its name. If it is not exported, add a subpath to its package.json.',
    ).toEqual([]);
  });
});

test('the client imports the router only as a type, so that no server code reaches a browser', () => {
  const client = packages.find(({ name }) => name === '@gatehouse/client');
  expect(client).toBeDefined();
  const values = sourcesOf(client!)
    .filter((file) => !isTest(file))
    .flatMap((file) =>
      importsOf(file)
        .filter(({ from, isType }) => packageOf(from) === '@gatehouse/api' && !isType)
        .map(() => file),
    );
  expect(values, 'Write `import type`: a value would bring the server into the browser.').toEqual([]);
});

test('the api package is independent of its host: no Node module, no Express, no Prisma, no process', () => {
  const api = packages.find(({ name }) => name === '@gatehouse/api');
  expect(api).toBeDefined();
  for (const file of sourcesOf(api!).filter((source) => !isTest(source))) {
    expect(
      importsOf(file)
        .map(({ from }) => from)
        .filter((from) => /^node:|^express|prisma/.test(from)),
      `${file}: ask for it through a port in packages/api/src/ports.ts, and implement the port in packages/server/src/trpc-context.ts.`,
    ).toEqual([]);
    expect(readFileSync(join(root, file), 'utf8'), `${file}: the host passes in what it needs.`).not.toMatch(/\bprocess\./);
  }
});

test('only one file of the product reads process.env', () => {
  const readers = packages
    .filter(({ name }) => name !== '@gatehouse/bench')
    .flatMap(sourcesOf)
    .filter((file) => !isTest(file) && file.includes('/src/') && readFileSync(join(root, file), 'utf8').includes('process.env'));
  expect(readers.toSorted(), 'Add a setting to packages/settings/src instead, and pass its value in.').toEqual([
    // Only which package manager has started it.
    'packages/create-gatehouse/src/main.ts',
    'packages/settings/src/load-settings.ts',
  ]);
});
