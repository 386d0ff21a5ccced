import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { generateDatabaseClient } from '../prepare.ts';
import { NODE_VERSION_MODULE, nodeVersionModule, withNodeVersion } from './node-version.ts';
import { dependencyFolder, outputOf, publishedPackages, root, VENDORED, type PublishedPackage } from './published.ts';

const cache = join(root, 'node_modules/.cache/packages');
const compiled = join(cache, 'compiled');

/** Compiles every published package into its `dist`: JavaScript modules, declarations, source maps. */
export async function buildPackages(): Promise<void> {
  await generateDatabaseClient();
  compile();
  for (const one of publishedPackages) {
    rmSync(join(root, one.folder, 'dist'), { recursive: true, force: true });
    for (const file of globSync('**/*.{js,d.ts,js.map}', { cwd: join(compiled, one.folder) })) place(one, file);
    vendor(one);
    for (const source of Object.values(one.manifest.bin ?? {})) chmodSync(join(root, one.folder, outputOf(source, one)), 0o755);
    const check = nodeVersionModule(one);
    if (check !== undefined) writeFileSync(join(root, one.folder, NODE_VERSION_MODULE), check);
  }
  const database = publishedPackages.find(({ folder }) => folder === 'prisma');
  if (database) cpSync(join(root, 'prisma/migrations'), join(root, 'prisma/dist/migrations'), { recursive: true });
}

/** One program for all of them: each would check again what it imports. */
function compile(): void {
  rmSync(compiled, { recursive: true, force: true });
  mkdirSync(cache, { recursive: true });
  const config = join(cache, 'tsconfig.json');
  writeFileSync(
    config,
    JSON.stringify({
      extends: join(root, 'tsconfig.base.json'),
      compilerOptions: {
        types: ['node'],
        typeRoots: [join(root, 'node_modules/@types')],
        jsx: 'react-jsx',
        noEmit: false,
        noEmitOnError: true,
        rootDir: root,
        outDir: compiled,
        declaration: true,
        rewriteRelativeImportExtensions: true,
        sourceMap: true,
        // The sources are not published: the maps hold them.
        inlineSources: true,
      },
      // The generated clients as well: of files that are only imported, TypeScript 7.0.2 sometimes writes nothing.
      include: publishedPackages.flatMap(({ folder }) => ['src', 'generated'].map((sources) => join(root, folder, sources))),
      exclude: [
        'node_modules',
        '*.test.ts',
        '*.test.tsx',
        '*.test-d.ts',
        'test-support',
        '*-docs.ts',
        'create-gatehouse/templates',
        'generated/*/**/*rowser.ts',
      ].map((name) => `${root}/**/${name}`),
    }),
  );
  const { status } = spawnSync(join(root, 'node_modules/.bin/tsc'), ['-p', config], { stdio: 'inherit' });
  if (status !== 0) throw new Error('The packages do not compile.');
}

/** Puts a compiled file where it belongs, with the specifiers that hold there. */
function place(one: PublishedPackage, file: string): void {
  const target = join(root, one.folder, outputOf(file, one));
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, published(one, { file, target, text: readFileSync(join(compiled, one.folder, file), 'utf8') }));
}

function published(one: PublishedPackage, { file, target, text }: { file: string; target: string; text: string }): string {
  if (file.endsWith('.map')) {
    const source = relative(dirname(target), join(root, one.folder, file.replace(/\.js\.map$/, '.ts')));
    const tsx = existsSync(join(root, one.folder, file.replace(/\.js\.map$/, '.tsx'))) ? 'x' : '';
    return JSON.stringify({ ...(JSON.parse(text) as object), sources: [source + tsx] });
  }
  if (file.endsWith('.d.ts')) return declaration(one, text);
  return withNodeVersion(one, { output: outputOf(file, one), text: withVendored(one, { target, text }) });
}

/** TypeScript rewrites `.ts` in code and leaves it in declarations. */
const declaration = (one: PublishedPackage, text: string): string =>
  ignoringOptional(one, text.replaceAll(/((?:from|import|import\()\s*['"]\.{1,2}\/[^'"]*?)\.tsx?(?=['"])/g, '$1.js'));

/** If an optional package is missing, its types are `any` and not an error, also with `skipLibCheck: false`. */
function ignoringOptional({ manifest }: PublishedPackage, text: string): string {
  const optional = Object.keys(manifest.peerDependenciesMeta ?? {});
  const isOptional = (line: string): boolean =>
    [...line.matchAll(/(?:from|import\()\s*['"]([^'"]+)['"]/g)].some(([, from = '']) =>
      optional.some((name) => from === name || from.startsWith(`${name}/`)),
    );
  return text
    .split('\n')
    .map((line) => (isOptional(line) ? `// @ts-ignore: an optional peer dependency\n${line}` : line))
    .join('\n');
}

const vendorPath = (name: string): string => `vendor/${name.split('/').at(-1)}.js`;

function withVendored(one: PublishedPackage, { target, text }: { target: string; text: string }): string {
  return VENDORED.reduce(
    (code, name) =>
      code.replaceAll(new RegExp(`(from |import\\()(['"])${name}\\2`, 'g'), (_match, keyword: string, quote: string) => {
        const path = relative(dirname(target), join(root, one.folder, 'dist', vendorPath(name)));
        return `${keyword}${quote}${path.startsWith('.') ? path : `./${path}`}${quote}`;
      }),
    text,
  );
}

function vendor(one: PublishedPackage): void {
  for (const name of VENDORED.filter((vendored) => one.manifest.dependencies?.[vendored] !== undefined)) {
    const from = dependencyFolder(one, name);
    const target = join(root, one.folder, 'dist', vendorPath(name));
    mkdirSync(dirname(target), { recursive: true });
    const { version, license } = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8')) as { version: string; license: string };
    const code = readFileSync(join(from, 'dist/index.mjs'), 'utf8');
    writeFileSync(target, `/*! ${name} ${version}, ${license}: a copy of dist/index.mjs */\n${code}`);
    cpSync(join(from, 'LICENSE'), target.replace(/\.js$/, '.LICENSE.txt'));
  }
}
