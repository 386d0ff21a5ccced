import { readFileSync } from 'node:fs';
import { ENGINES, type Choices } from './choices.ts';
import { LEAST_NODE } from './node-version.ts';
import { nameOf } from './target-folder.ts';

/** The versions that the app was tried with. A test compares them with those of this repository. */
export const VERSIONS = {
  '@tanstack/react-query': '5.108.0',
  '@trpc/client': '11.19.0',
  '@trpc/react-query': '11.19.0',
  '@trpc/server': '11.19.0',
  '@types/express': '5.0.6',
  '@types/node': '24.10.1',
  '@types/react': '19.3.0',
  '@types/react-dom': '19.3.0',
  '@vitejs/plugin-react': '6.3.0',
  'connect-redis': '10.0.0',
  express: '5.3.0',
  react: '19.3.1',
  'react-dom': '19.3.1',
  redis: '6.3.1',
  typescript: '7.0.2',
  vite: '8.3.8',
  zod: '4.6.7',
} as const;

type Dependency = keyof typeof VERSIONS | `@gatehouse/${string}`;

/** All packages of Gatehouse are released together, in one version. */
const { version: OWN_VERSION } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };

/** The package.json of the app. */
export function appManifest({ folder, engine, frontEnd }: Choices): Record<string, unknown> {
  const isReact = frontEnd === 'react';
  return {
    name: nameOf(folder),
    version: '0.0.0',
    private: true,
    type: 'module',
    scripts: {
      dev: isReact ? 'node --watch --watch-preserve-output src/server/dev.ts' : 'node --watch --watch-preserve-output src/server/main.ts',
      ...(isReact && { build: 'vite build' }),
      start: 'node src/server/main.ts',
      test: 'node --test "src/**/*.test.ts"',
      typecheck: 'tsc',
      'add-user': 'node src/server/add-user.ts',
    },
    dependencies: versionsOf([
      // For the types of your own fields.
      '@gatehouse/contract',
      '@gatehouse/server',
      '@trpc/server',
      'express',
      'zod',
      ...(ENGINES[engine].needsRedis ? (['connect-redis', 'redis'] as const) : []),
      ...(isReact
        ? (['@gatehouse/client', '@tanstack/react-query', '@trpc/client', '@trpc/react-query', 'react', 'react-dom'] as const)
        : []),
    ]),
    devDependencies: versionsOf([
      '@types/express',
      '@types/node',
      'typescript',
      // The tests of an API sign in with the typed client.
      ...(isReact ? [] : (['@gatehouse/client', '@trpc/client'] as const)),
      ...(isReact ? (['@types/react', '@types/react-dom', '@vitejs/plugin-react', 'vite'] as const) : []),
    ]),
    engines: { node: `>=${LEAST_NODE}` },
  };
}

const versionsOf = (names: readonly Dependency[]): Record<string, string> =>
  Object.fromEntries(names.toSorted().map((name) => [name, `^${isOwn(name) ? OWN_VERSION : VERSIONS[name]}`]));

const isOwn = (name: Dependency): name is `@gatehouse/${string}` => name.startsWith('@gatehouse/');
