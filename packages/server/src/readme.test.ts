import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '@gatehouse/prisma/testing/free-port';
import { expect, onTestFinished, test } from 'vitest';

const packageFolder = join(import.meta.dirname, '..');
const root = join(packageFolder, '../..');

/** The TypeScript files of a page: each begins with its name. */
async function filesOf(page: string): Promise<Map<string, string>> {
  const blocks = (await readFile(join(root, page), 'utf8')).matchAll(/^```ts\n\/\/ (\S+)\n(.*?)^```/gms);
  return new Map([...blocks].map(([, name = '', code = '']) => [name, code]));
}

/** Inside the package, so that the files can import it by name. */
async function folderWith(files: Iterable<readonly [string, string]>): Promise<string> {
  const folder = await mkdtemp(join(packageFolder, 'readme-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [name, code] of files) await writeFile(join(folder, name), code);
  return folder;
}

test('the examples in README.md compile, and the own context is typed', { timeout: 240_000 }, async () => {
  const files = await filesOf('packages/server/README.md');
  expect([...files.keys()]).toEqual(['app.ts', 'router.ts', 'serve.ts', 'form.ts', 'users.ts', 'stop.ts']);
  // `context` is required as soon as the context has something of the app's own.
  files.set(
    'app.ts',
    (files.get('app.ts') ?? '').replace('gatehouse.trpc()', 'gatehouse.trpc(undefined, { context: () => ({ orders: 1 as never }) })'),
  );
  const serve = files.get('serve.ts') ?? '';
  const mount = /^ *app\.use\('\/trpc'.*$/m;
  files.set('wrong-context.ts', serve.replace('{ orders }', '{ order: orders }').replace(mount, '// @ts-expect-error\n$&'));
  files.set('no-context.ts', serve.replace(/, \{ context: .*\}\)/, ')').replace(mount, '// @ts-expect-error\n$&'));
  const folder = await folderWith(files);
  const project = {
    extends: '../../../tsconfig.base.json',
    compilerOptions: { types: ['node'], noUnusedLocals: false },
    include: ['*.ts'],
  };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(project));
  const errors = await promisify(execFile)(join(root, 'node_modules/.bin/tsc'), ['-p', folder]).then(
    () => '',
    (failure: { stdout: string }) => failure.stdout,
  );
  expect(errors).toBe('');
});

test('the first example of README.md and of docs/express.md is the same, and is a complete app', { timeout: 60_000 }, async () => {
  const example = (await filesOf('packages/server/README.md')).get('app.ts') ?? '';
  expect((await filesOf('docs/express.md')).get('app.ts')).toBe(example);

  const folder = await folderWith([['app.ts', example]]);
  const data = await mkdtemp(join(tmpdir(), 'gatehouse-readme-'));
  onTestFinished(() => rm(data, { recursive: true }));
  await writeFile(join(folder, 'app.ts'), example.replace('./app.db', join(data, 'app.db')));
  const port = await freePort();
  const child = spawn(process.execPath, ['app.ts'], {
    cwd: folder,
    env: { PATH: process.env['PATH'], PORT: String(port), NODE_ENV: 'development', SESSION_ENGINE: 'db', LOG_LEVEL: 'silent' },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  onTestFinished(async () => {
    const exited = once(child, 'exit');
    child.kill();
    await exited;
  });
  const hello = () => fetch(`http://127.0.0.1:${port}/hello`, { redirect: 'manual', headers: { accept: 'text/html' } });
  await expect
    .poll(() =>
      hello().then(
        ({ status }) => status,
        () => 0,
      ),
    )
    .toBe(302);
  expect((await hello()).headers.get('location')).toBe('/login?next=%2Fhello');
});
