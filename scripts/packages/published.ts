import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export const root = join(import.meta.dirname, '../..');

/** Where `pnpm build:packages` puts the tarballs. */
export const tarballs = join(root, 'dist/packages');

export interface Manifest {
  readonly name: string;
  readonly version?: string;
  readonly description?: string;
  readonly license: string;
  readonly type: string;
  readonly sideEffects?: boolean | readonly string[];
  /** None: the package is a program. */
  readonly exports?: Readonly<Record<string, string>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly keywords?: readonly string[];
  readonly files?: readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { optional?: boolean }>>;
  readonly engines?: Readonly<Record<string, string>>;
}

export interface PublishedPackage {
  readonly name: string;
  /** Relative to the root, such as `packages/session`. */
  readonly folder: string;
  readonly manifest: Manifest;
}

/** A package with a version is published; apps and bench have none. */
export const publishedPackages: readonly PublishedPackage[] = globSync(['prisma/package.json', 'packages/*/package.json'], { cwd: root })
  .sort()
  .map((file) => ({ folder: dirname(file), manifest: JSON.parse(readFileSync(join(root, file), 'utf8')) as Manifest }))
  .filter(({ manifest }) => manifest.version !== undefined)
  .map(({ folder, manifest }) => ({ name: manifest.name, folder, manifest }));

/**
 * Copied into our package, where they use our drivers: published dependencies cannot be overridden. `@prisma/adapter-mariadb` asks for mariadb
 * 3.4.5, which sends the password before it has checked the certificate. `@prisma/adapter-better-sqlite3` asks for a second better-sqlite3,
 * which has to be compiled.
 */
export const VENDORED: readonly string[] = ['@prisma/adapter-better-sqlite3', '@prisma/adapter-mariadb'];

/** What helps this repository's own tests stays here. */
const isOwn = (source: string): boolean => /^\.\/(testing|src\/test-support)\//.test(source);

/** Where the output of a source file is in the published package. The prisma package has sources beside `src`, so it keeps that folder. */
export const outputOf = (source: string, { folder }: Pick<PublishedPackage, 'folder'>): string =>
  `./dist/${source.replace(/^\.\//, '').replace(folder === 'prisma' ? /^$/ : /^src\//, '')}`.replace(/(?<!\.d)\.tsx?$/, '.js');

export interface EntryPoint {
  /** As in `exports`: `.` or `./redis`. */
  readonly subpath: string;
  /** The compiled module, relative to the package: `./dist/index.js`. */
  readonly output: string;
}

/** What apps can import of a package; empty for a program. */
export const entryPointsOf = (one: PublishedPackage): readonly EntryPoint[] =>
  Object.entries(one.manifest.exports ?? {})
    .filter(([, source]) => !isOwn(source))
    .map(([subpath, source]) => ({ subpath, output: outputOf(source, one) }));

export const typesOf = ({ output }: EntryPoint): string => output.replace(/\.js$/, '.d.ts');

interface RootManifest {
  readonly author?: string;
  /** The address of the repository, once there is one: `https://…`. Published manifests and READMEs link to it. */
  readonly repository?: string;
}

export const { author, repository } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as RootManifest;

const KEYWORDS = ['session', 'sessions', 'authentication', 'express', 'typescript'];

/** Where the package comes from. The fields about the repository are left out while the root package.json names none. */
const originOf = ({ folder, manifest }: PublishedPackage): Record<string, unknown> => ({
  keywords: [...new Set(['gatehouse', ...(manifest.keywords ?? []), ...KEYWORDS])],
  author,
  ...(repository !== undefined && {
    homepage: `${repository}#readme`,
    bugs: `${repository}/issues`,
    repository: { type: 'git', url: `git+${repository}.git`, directory: folder },
  }),
});

/** The package.json that is published. */
export function publishedManifest(one: PublishedPackage): Record<string, unknown> {
  const { name, version, description, license, type, sideEffects, bin, files = [], engines } = one.manifest;
  const { dependencies = {}, peerDependencies, peerDependenciesMeta } = one.manifest;
  const exports = Object.fromEntries(entryPointsOf(one).map((entry) => [entry.subpath, { types: typesOf(entry), default: entry.output }]));
  return {
    name,
    version,
    description,
    license,
    type,
    ...originOf(one),
    ...(bin && { bin: Object.fromEntries(Object.entries(bin).map(([command, source]) => [command, outputOf(source, one).slice(2)])) }),
    ...(sideEffects !== undefined && {
      sideEffects: Array.isArray(sideEffects) ? sideEffects.filter((file) => !file.startsWith('./src/')) : sideEffects,
    }),
    exports: { ...exports, './package.json': './package.json' },
    files: ['dist', ...files],
    dependencies: resolved(Object.fromEntries(Object.entries(dependencies).filter(([dependency]) => !VENDORED.includes(dependency)))),
    ...(peerDependencies && { peerDependencies: resolved(peerDependencies) }),
    ...(peerDependenciesMeta && { peerDependenciesMeta }),
    engines,
    publishConfig: { access: 'public' },
  };
}

const resolved = (dependencies: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(dependencies).map(([name, range]) => [name, resolve(name, range)]));

/** `workspace:` and `catalog:` are pnpm's own. Ours are released together; parts of Prisma fit each other in one version only. */
function resolve(name: string, range: string): string {
  if (range.startsWith('workspace:')) {
    const version = publishedPackages.find((one) => one.name === name)?.manifest.version;
    if (version === undefined) throw new Error(`${name} is not published: give its package.json a version.`);
    return version;
  }
  if (range !== 'catalog:') return range;
  const version = catalog.get(name);
  if (version === undefined) throw new Error(`${name} is not in the catalog of pnpm-workspace.yaml.`);
  return name.startsWith('@prisma/') ? version : `^${version}`;
}

const catalog = new Map(
  [...readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8').matchAll(/^ {2}"?([@\w/.-]+)"?: (\d\S*)$/gm)].map(
    ([, name = '', version = '']) => [name, version],
  ),
);

/** The installed folder of a dependency of a package. */
export function dependencyFolder({ folder }: PublishedPackage, name: string): string {
  const path = join(root, folder, 'node_modules', name);
  if (!existsSync(path)) throw new Error(`${name} is not installed in ${folder}: pnpm install.`);
  return path;
}
