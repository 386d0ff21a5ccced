import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const compiler = join(root, 'node_modules/.bin/tsc');
const blocks = [...readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8').matchAll(/^```(json|ts)\n(.*?)^```/gms)].map(
  ([, kind = '', code = '']) => ({ kind, code, file: /^\/\/ (\S+)\n/.exec(code)?.[1] }),
);

/**
 * Compiles files as if they were in the `src` folder of a package. Returns the compiler's errors, or ''. The files are written into a folder
 * beside `src`, so that imports resolve. The recipe for a page is not compiled, because its route needs a generated route tree.
 */
async function compile(folder: string, files: Readonly<Record<string, string>>): Promise<string> {
  const temporary = mkdtempSync(join(root, folder, 'recipe-'));
  onTestFinished(() => rmSync(temporary, { recursive: true }));
  for (const [file, code] of Object.entries(files)) {
    mkdirSync(dirname(join(temporary, file)), { recursive: true });
    writeFileSync(join(temporary, file), code);
  }
  const options = { rootDirs: ['../src', '.'], rootDir: root, noEmit: true };
  const base = folder === 'packages/client' ? '../../../tsconfig.json' : '../tsconfig.json';
  const settings = { extends: base, compilerOptions: options, include: ['**/*.ts'], exclude: [] };
  writeFileSync(join(temporary, 'tsconfig.json'), JSON.stringify(settings));
  return promisify(execFile)(compiler, ['-p', temporary]).then(
    () => '',
    (failure: { stdout: string }) => failure.stdout,
  );
}

const blockOf = (file: string): string => blocks.find((block) => block.file === file)?.code ?? 'CONTRIBUTING.md has no such file.';

test('the recipes for procedures compile', { timeout: 240_000 }, async () => {
  const files = ['procedures/greet.ts', 'procedures/set-theme.ts'].map((file) => [file, blockOf(`packages/api/src/${file}`)] as const);
  expect(await compile('packages/api', Object.fromEntries(files))).toBe('');
});

test('the recipe for an app compiles, and its package.json is valid', { timeout: 240_000 }, async () => {
  const app = blocks.find(({ code }) => code.includes('createNodeClient'))?.code ?? '';
  expect(await compile('packages/client', { 'main.ts': app })).toBe('');
  const manifests = blocks.filter(({ kind }) => kind === 'json').map(({ code }) => JSON.parse(code) as unknown);
  expect(manifests).toEqual([expect.objectContaining({ type: 'module', dependencies: { '@gatehouse/client': 'workspace:*' } })]);
});

test('a mistake in a recipe is found', { timeout: 240_000 }, async () => {
  const broken = blockOf('packages/api/src/procedures/greet.ts').replace('ctx.user.name', 'ctx.user.nickname');
  expect(await compile('packages/api', { 'procedures/greet.ts': broken })).toContain("Property 'nickname' does not exist");
});
