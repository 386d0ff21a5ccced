import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { VERSIONS } from './app-manifest.ts';
import { problemOfNode } from './node-version.ts';
import { packageManagerOf, runScript } from './package-manager.ts';
import { readArguments } from './read-arguments.ts';
import { problemOfFolder } from './target-folder.ts';
import { writeApp } from './write-app.ts';

// That the apps work: pnpm test:packages.

const folder = mkdtempSync(join(tmpdir(), 'create-gatehouse-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('arguments', () => {
  test('all can be given without a terminal', () => {
    const given = readArguments(['shop', '--database', 'MariaDB', '--engine=cached_db', '--api', '--no-install', '-y']);
    const choices = { folder: 'shop', database: 'mysql', engine: 'cached_db', frontEnd: 'api' };
    expect(given).toEqual({ choices, yes: true, install: false, help: false });
  });

  test.each([
    [['--database', 'oracle'], '--database oracle does not exist. Choose one of sqlite, postgresql, mysql.'],
    [['--engine', 'toString'], '--engine toString does not exist. Choose one of db, cached_db, redis.'],
    [['--react', '--api'], 'Give --react or --api, not both.'],
    [['my', 'app'], 'Give one folder, not 2: my, app.'],
    [['--vue'], "Unknown option '--vue'.\n\nnpm create gatehouse [folder]"],
    [['--engine'], 'argument missing.\n\nnpm create gatehouse [folder]'],
  ])('%j is refused, with what to do', (args, message) => {
    expect(() => readArguments(args)).toThrow(message);
  });
});

describe('the folder', () => {
  test('may be new, empty, or a new repository', () => {
    mkdirSync(join(folder, 'empty/.git'), { recursive: true });
    expect([join(folder, 'new'), join(folder, 'empty')].map(problemOfFolder)).toEqual([undefined, undefined]);
  });

  test.each(['My App', '.hidden', '-x', 'größe', 'node_modules', ' '])('%j is no name', (name) => {
    expect(problemOfFolder(name)).toMatch(/\.$/);
  });

  test('that is not empty is refused, and nothing in it changes', () => {
    mkdirSync(join(folder, 'full'));
    writeFileSync(join(folder, 'full/package.json'), '{}');
    expect(problemOfFolder(join(folder, 'full'))).toContain('is not empty: it has package.json. Choose another folder, or empty it.');
    expect(problemOfFolder(join(folder, 'full/package.json'))).toContain('is a file.');
  });
});

test('a database and an engine with Redis become settings and packages', () => {
  const path = writeApp({ folder: join(folder, 'shop'), database: 'postgresql', engine: 'redis', frontEnd: 'api' }, 'pnpm');
  const read = (file: string): string => readFileSync(join(path, file), 'utf8');
  expect(read('.env')).toBe(read('.env.example'));
  expect(read('.env')).toMatch(/^DATABASE_URL=postgresql:.*\/shop\n[^]*^SESSION_ENGINE=redis\nREDIS_URL=redis:/m);
  expect(JSON.parse(read('package.json'))).toMatchObject({ name: 'shop', dependencies: { redis: '^6.3.1', 'connect-redis': '^10.0.0' } });
  expect(read('README.md')).toContain('    pnpm install\n    pnpm run add-user ada ada@example.com');
  expect(read('.gitignore')).toMatch(/^\.env$/m);
  expect(existsSync(join(path, 'src/web'))).toBe(false);
  expect(read('src/server/test-app.ts')).toContain("'shop-'");
});

test('the package manager that started it is used', () => {
  expect(['pnpm/12.0.0 npm/? node/v24', 'bun/1.2.0', undefined, 'other/1'].map(packageManagerOf)).toEqual(['pnpm', 'bun', 'npm', 'npm']);
  expect(runScript('npm', 'add-user', 'ada')).toBe('npm run add-user -- ada');
});

test('a Node that cannot run TypeScript is refused', () => {
  expect(problemOfNode('22.17.1')).toContain('needs Node 22.18 or newer, and this is Node 22.17.1.');
  expect([problemOfNode('22.18.0'), problemOfNode('24.0.0')]).toEqual([undefined, undefined]);
});

test('an app gets the versions that this repository is tested with', () => {
  const workspace = readFileSync(join(import.meta.dirname, '../../../pnpm-workspace.yaml'), 'utf8');
  const catalog = new Map([...workspace.matchAll(/^ {2}"?([@\w/.-]+)"?: (\S+)$/gm)].map(([, name, version]) => [name, version]));
  const wrong = Object.entries(VERSIONS).filter(([name, version]) => catalog.get(name) !== version);
  expect(wrong, 'Take the versions of pnpm-workspace.yaml.').toEqual([]);
});
