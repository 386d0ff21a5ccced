import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { codeBlocks, installInto, pagesWithCode, writeBlocks, type CodeBlock } from './code-blocks.ts';
import { root } from './site-pages.ts';

let app: string;
beforeAll(() => {
  app = mkdtempSync(join(tmpdir(), 'gatehouse-docs-'));
  installInto(app);
});
afterAll(() => rmSync(app, { recursive: true }));

/** What the compiler says of the blocks of these pages, or ''. Errors in the packages themselves are found by `pnpm typecheck`. */
async function compile(program: string, pages: ReadonlyMap<string, readonly CodeBlock[]>): Promise<string> {
  const folder = join(app, program);
  mkdirSync(folder, { recursive: true });
  for (const [file, blocks] of pages) writeBlocks(join(folder, file.replace(/\.md$/, '')), blocks);
  const compilerOptions = {
    types: ['node'],
    lib: ['es2024', 'dom', 'dom.iterable'],
    jsx: 'react-jsx',
    noUnusedLocals: false,
    noUnusedParameters: false,
  };
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ extends: join(root, 'tsconfig.base.json'), compilerOptions, include: ['**/*.ts', '**/*.tsx'] }),
  );
  const output = await promisify(execFile)(join(root, 'node_modules/.bin/tsc'), ['-p', folder, '--pretty', 'false'], { cwd: folder }).then(
    () => '',
    (failure: { stdout: string }) => failure.stdout,
  );
  return output
    .split('\n')
    .filter((line) => !line.startsWith('../'))
    .join('\n');
}

/** Must be found in the same program, or the compiler has checked nothing. */
const MISTAKE = {
  name: 'mistake.ts',
  code: "import { createGatehouse } from '@gatehouse/server';\nawait createGatehouse({ datbaseUrl: 'file:x' });\n",
};

// One program for all pages, because each would check the packages again. So pages must not declare a key of the session with two types.
test('every TypeScript block of the site compiles', { timeout: 240_000 }, async () => {
  const pages = pagesWithCode();
  expect(pages.size).toBeGreaterThan(8);
  const errors = await compile('pages', new Map([...pages, ['mistake.md', [MISTAKE]]]));
  const [mistake = '', ...others] = errors.split('\n').filter((line) => /^\S/.test(line));
  expect(others, 'Correct the block, or mark a piece that cannot stand alone: ```ts fragment').toEqual([]);
  expect(mistake).toMatch(/^mistake\/mistake\.ts\(2,/);
});

test('blocks have the name of their first line, and fragments are left out', () => {
  const page =
    '```ts\n// a.ts\nexport const a = 1;\n```\n\n```ts fragment\napp.use(x);\n```\n\n```tsx\nexport const B = () => <b />;\n```\n';
  expect(codeBlocks(page).map(({ name }) => name)).toEqual(['a.ts', 'block-2.tsx']);
});
