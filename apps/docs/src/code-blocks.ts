import { existsSync, globSync, mkdirSync, readdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root, sitePages } from './site-pages.ts';

export interface CodeBlock {
  /** `app.ts`, from a first line `// app.ts`; else `block-3.tsx`. */
  readonly name: string;
  readonly code: string;
}

const BLOCK = /^```(tsx?)([^\n]*)\n([^]*?)^```/gm;

/** The TypeScript of a page. ` ```ts fragment ` marks a piece that does not compile alone; it is left out. */
export function codeBlocks(text: string): readonly CodeBlock[] {
  return [...text.matchAll(BLOCK)]
    .filter(([, , info = '']) => !/\bfragment\b/.test(info))
    .map(([, language = 'ts', , code = ''], index) => ({
      name: /^\/\/ (\S+\.tsx?)\n/.exec(code)?.[1] ?? `block-${index + 1}.${language}`,
      code,
    }));
}

/** Their own tests compile the blocks of these: tests/install-docs.test.ts, and readme.test.ts in both packages. */
const CHECKED_ELSEWHERE = new Set(['docs/install.md', 'packages/client/README.md', 'packages/server/README.md']);

/** The pages that have TypeScript, by their file. */
export function pagesWithCode(): ReadonlyMap<string, readonly CodeBlock[]> {
  const files = [...sitePages().keys()].filter((file) => !CHECKED_ELSEWHERE.has(file));
  return new Map(
    files.map((file) => [file, codeBlocks(readFileSync(join(root, file), 'utf8'))] as const).filter(([, blocks]) => blocks.length > 0),
  );
}

/** Writes the blocks of a page into a folder, as modules that can import each other. @throws Error if two have the same name */
export function writeBlocks(folder: string, blocks: readonly CodeBlock[]): void {
  for (const { name, code } of blocks) {
    const file = join(folder, name);
    if (existsSync(file)) throw new Error(`Two blocks are called ${name}.`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, /^(?:import|export) /m.test(code) ? code : `${code}\nexport {};\n`);
  }
}

/** Makes a folder an app that has installed everything that some package of this workspace has. */
export function installInto(folder: string): void {
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'a-reader', type: 'module' }));
  const target = join(folder, 'node_modules');
  const order = [
    'packages/server',
    'packages/session',
    'packages/client',
    ...globSync('{prisma,packages/*,apps/*,bench}', { cwd: root }).sort(),
  ];
  for (const source of order.map((one) => join(root, one, 'node_modules')).filter((one) => existsSync(one))) {
    for (const name of installedIn(source)) link(join(source, name), join(target, name));
  }
}

const installedIn = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => !name.startsWith('.'))
    .flatMap((name) => (name.startsWith('@') ? readdirSync(join(folder, name)).map((inner) => `${name}/${inner}`) : [name]));

function link(source: string, target: string): void {
  if (existsSync(target)) return;
  mkdirSync(dirname(target), { recursive: true });
  symlinkSync(realpathSync(source), target, 'dir');
}
