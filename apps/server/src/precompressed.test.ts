import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request, type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runApp, type RunningApp } from '../test-support/running-app.ts';
import { openSpa } from './spa.ts';

const SCRIPT = 'console.log("Grüße");\n'.repeat(500);
const PAGE = `<!doctype html><title>Gatehouse</title>${'<p>Hello</p>'.repeat(50)}`;
const DECODE: Record<string, (body: Buffer) => Buffer> = { br: brotliDecompressSync, gzip: gunzipSync, identity: (body) => body };

let folder: string;
let app: RunningApp;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-assets-'));
  await mkdir(join(folder, 'assets'));
  await writeFile(join(folder, 'index.html'), PAGE);
  for (const [name, content] of [
    ['app.js', SCRIPT],
    ['app.js.br', brotliCompressSync(SCRIPT)],
    ['app.js.gz', gzipSync(SCRIPT)],
    ['zipped.css', 'p { color: red }'],
    ['zipped.css.gz', gzipSync('p { color: red }')],
    ['font.woff2', 'wOF2'],
  ] as const)
    await writeFile(join(folder, 'assets', name), content);
  app = await runApp({}, { web: openSpa(folder) });
});
afterAll(async () => {
  await app.close();
  await rm(folder, { recursive: true });
});

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The encoded bytes. */
  readonly body: Buffer;
}

/** Does not decode the body, unlike `fetch`. */
const ask = (path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const call = request(app.url + path, { method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }));
    });
    call.on('error', reject).end();
  });

const encodingOf = ({ headers }: Answer): string => headers['content-encoding'] ?? 'identity';

describe.each([
  ['/assets/app.js', SCRIPT, 'text/javascript; charset=utf-8'],
  ['/login', PAGE, 'text/html; charset=utf-8'],
])('%s', (path, content, type) => {
  test.each([
    ['gzip, deflate, br, zstd', 'br'],
    ['br;q=0.1', 'br'],
    ['*', 'br'],
    ['gzip', 'gzip'],
    ['br;q=0, gzip', 'gzip'],
    ['br;q=0, *', 'gzip'],
    ['deflate', 'identity'],
    ['identity', 'identity'],
    ['br;q=0, gzip;q=0', 'identity'],
    ['', 'identity'],
  ])('a client that accepts %j gets %s', async (accepted, encoding) => {
    const answer = await ask(path, { 'accept-encoding': accepted });
    expect(answer.status).toBe(200);
    expect(encodingOf(answer)).toBe(encoding);
    expect(answer.headers['content-type']).toBe(type);
    expect(answer.headers['content-length']).toBe(String(answer.body.length));
    expect(answer.headers.vary).toContain('Accept-Encoding');
    expect(DECODE[encoding]?.(answer.body).toString()).toBe(content);
  });

  test('HEAD has the same headers as GET, without a body', async () => {
    const headers = { 'accept-encoding': 'br' };
    const [get, head] = [await ask(path, headers), await ask(path, headers, 'HEAD')];
    for (const name of ['content-encoding', 'content-type', 'content-length', 'etag', 'vary'])
      expect(head.headers[name]).toBe(get.headers[name]);
    expect(head.body.length).toBe(0);
  });
});

test('each encoding has its own ETag, and a matching one is answered with 304', async () => {
  const answers = await Promise.all(['br', 'gzip', 'identity'].map((encoding) => ask('/assets/app.js', { 'accept-encoding': encoding })));
  const tags = answers.map(({ headers }) => headers.etag ?? '');
  expect(new Set(tags).size).toBe(3);
  const [br = '', gzip = ''] = tags;
  const again = await ask('/assets/app.js', { 'accept-encoding': 'br', 'if-none-match': br });
  expect(again.status).toBe(304);
  expect(again.headers.vary).toContain('Accept-Encoding');
  expect((await ask('/assets/app.js', { 'accept-encoding': 'br', 'if-none-match': gzip })).status).toBe(200);
});

test('a range refers to the encoded bytes', async () => {
  const whole = await ask('/assets/app.js', { 'accept-encoding': 'br' });
  const part = await ask('/assets/app.js', { 'accept-encoding': 'br', range: 'bytes=5-9' });
  expect(part.status).toBe(206);
  expect(encodingOf(part)).toBe('br');
  expect(part.headers['content-range']).toBe(`bytes 5-9/${whole.body.length}`);
  expect(part.body).toEqual(whole.body.subarray(5, 10));
});

test('an error response has no Content-Encoding', async () => {
  const answer = await ask('/assets/app.js', { 'accept-encoding': 'br', range: 'bytes=999999-' });
  expect(answer.status).toBe(416);
  expect(encodingOf(answer)).toBe('identity');
  expect(JSON.parse(answer.body.toString())).toMatchObject({ error: { reason: 'INVALID_INPUT' } });
});

test('a file without a compressed copy is sent uncompressed', async () => {
  const font = await ask('/assets/font.woff2', { 'accept-encoding': 'br, gzip' });
  expect(font.headers).toMatchObject({ 'content-type': 'font/woff2', 'content-length': '4' });
  expect(encodingOf(font)).toBe('identity');
  expect(encodingOf(await ask('/assets/zipped.css', { 'accept-encoding': 'br' }))).toBe('identity');
  expect(encodingOf(await ask('/assets/zipped.css', { 'accept-encoding': 'br, gzip' }))).toBe('gzip');
});

test.each(['/assets/__proto__', '/assets/constructor', '/assets/', '/assets/none.js', '/assets/app.js/'])('%s is 404', async (path) => {
  const answer = await ask(path, { 'accept-encoding': 'br' });
  expect(answer.status).toBe(404);
  expect(encodingOf(answer)).toBe('identity');
});

test('responses of the router are never compressed, because they can contain secrets', async () => {
  expect(encodingOf(await ask('/trpc/auth.presence', { 'accept-encoding': 'br, gzip' }))).toBe('identity');
});
