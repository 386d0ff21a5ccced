import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import express, { type RequestHandler } from 'express';
import { expect, onTestFinished, test } from 'vitest';
import { docsSite } from './docs-site.ts';

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-docs-site-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

async function serve(docs: RequestHandler): Promise<(path: string, headers?: Record<string, string>) => Promise<Response>> {
  const app = express();
  app.use('/docs', docs);
  const server = app.listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  return (path, headers = {}) =>
    fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, { headers, redirect: 'manual' });
}

test('the documentation is served by clean addresses, compressed, and with a policy for its own scripts', async () => {
  const folder = newFolder();
  mkdirSync(join(folder, 'assets'));
  mkdirSync(join(folder, 'guide'));
  const page = '<!doctype html><script id="a">dark()</script><script src="/docs/assets/app.1.js"></script>Welcome';
  for (const [name, content] of [
    ['index.html', page],
    ['guide/express.html', 'Express'],
    ['guide/express.html.br', brotliCompressSync('Express, compressed')],
    ['404.html', 'No such page'],
    ['assets/app.1.js', 'run()'],
  ] as const)
    writeFileSync(join(folder, name), content);
  const get = await serve(docsSite(folder));

  const start = await get('/docs/');
  expect([start.status, await start.text()]).toEqual([200, page]);
  const hash = createHash('sha256').update('dark()').digest('base64');
  expect(start.headers.get('content-security-policy')).toContain(`script-src 'self' 'sha256-${hash}';`);
  expect(start.headers.get('cache-control')).toBe('public, max-age=0');
  expect((await get('/docs')).headers.get('location')).toBe('/docs/');

  const guide = await get('/docs/guide/express', { 'accept-encoding': 'br' });
  expect([await guide.text(), guide.headers.get('content-type')]).toEqual(['Express, compressed', 'text/html; charset=utf-8']);
  const plain = await get('/docs/guide/express', { 'accept-encoding': 'identity' });
  expect([await plain.text(), plain.headers.get('vary')]).toEqual(['Express', 'Accept-Encoding']);

  expect((await get('/docs/assets/app.1.js')).headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  for (const path of ['/docs/nothing', '/docs/..%2f..%2fpackage.json', '/docs/%']) {
    const missing = await get(path);
    expect([path, missing.status >= 400 && missing.status < 500]).toEqual([path, true]);
  }
  expect(await (await get('/docs/nothing')).text()).toBe('No such page');
});

test('without a build, it says how to make one', async () => {
  const get = await serve(docsSite(newFolder()));
  const response = await get('/docs/start');
  expect([response.status, await response.text()]).toEqual([404, expect.stringContaining('pnpm build:docs')]);
});
