import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';

const packageFolder = join(import.meta.dirname, '..');
const REACT = ['hooks.tsx', 'own-router.tsx', 'options.tsx'];
const compiler = join(packageFolder, '../../node_modules/.bin/tsc');

test('the examples in README.md compile', { timeout: 240_000 }, async () => {
  const text = await readFile(join(packageFolder, 'README.md'), 'utf8');
  const blocks = [...text.matchAll(/^```(json|tsx?)\n(.*?)^```/gms)].map(([, kind = '', code = '']) => ({ kind, code }));
  expect(blocks.map(({ kind }) => kind)).toEqual(['json', 'ts', 'ts', 'tsx', 'tsx', 'tsx']);

  // Inside the package, so that it can import itself by name.
  const folder = await mkdtemp(join(packageFolder, 'readme-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const [settings, ...programs] = blocks;
  const { compilerOptions } = JSON.parse(settings?.code ?? '') as { compilerOptions: object };
  const own = { extends: '../../../tsconfig.base.json', compilerOptions };
  const forPages = {
    ...own,
    compilerOptions: { lib: ['es2024', 'dom', 'dom.iterable'], jsx: 'react-jsx' },
    include: ['page.ts', ...REACT],
  };
  await Promise.all([
    writeFile(join(folder, 'node.json'), JSON.stringify({ ...own, include: ['node.ts'] })),
    writeFile(join(folder, 'pages.json'), JSON.stringify(forPages)),
    ...['node.ts', 'page.ts', ...REACT].map((name, at) => writeFile(join(folder, name), programs[at]?.code ?? '')),
  ]);
  const compile = (project: string) =>
    promisify(execFile)(compiler, ['-p', project], { cwd: folder }).then(
      () => '',
      (failure: { stdout: string }) => failure.stdout,
    );
  expect(await compile('node.json')).toBe('');
  expect(await compile('pages.json')).toBe('');
});
