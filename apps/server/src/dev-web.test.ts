import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { request, type IncomingHttpHeaders } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEV, startServer, type ServerProcess } from '../test-support/server-process.ts';

const ROOT = join(import.meta.dirname, '../../..');
const WEB = join(ROOT, 'apps/web');
const NOTE = 'nobody else should read this';

let server: ServerProcess;
let url: string;
/** In a folder that Vite serves. */
let dataFolder: string;
/** In the repository, all of which Vite would serve by default. */
let otherFolder: string;
let secret: string;

beforeAll(async () => {
  await mkdir(join(WEB, 'node_modules/.vite'), { recursive: true });
  dataFolder = await mkdtemp(join(WEB, 'node_modules/.vite/data [dev] '));
  otherFolder = await mkdtemp(join(ROOT, 'node_modules/dev-'));
  for (const file of ['note.txt', '.env', '.env.local', 'tls.key']) await writeFile(join(otherFolder, file), NOTE);
  await writeFile(join(dataFolder, 'note.txt'), NOTE);
  server = startServer(dataFolder, {}, DEV);
  url = await server.ready;
  secret = (await readFile(join(dataFolder, 'session-secret'), 'utf8')).trim();
});
afterAll(async () => {
  server.child.kill('SIGTERM');
  await server.exited;
  for (const folder of [dataFolder, otherFolder]) await rm(folder, { recursive: true });
});

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Sends the path unchanged; `fetch` would normalise it. */
const ask = (path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const call = request({ hostname, port, path, method, headers, agent: false }, (response) => {
      let body = '';
      response.setEncoding('latin1').on('data', (chunk: string) => (body += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    });
    call.on('upgrade', (response, socket) => {
      socket.destroy();
      resolve({ status: 101, headers: response.headers, body: '' });
    });
    // If the server has crashed, this shows why.
    call.on('error', (cause) => reject(new Error(`${cause.message}. The server said:\n${server.output()}`, { cause }))).end();
  });

/** The text itself, and in base64 (as in a `data:` URL or a worker) at each of the three alignments. */
function leaks(body: string): boolean {
  const decoded = [...body.matchAll(/[A-Za-z0-9+/]{16,}={0,2}/g)].map(([text]) => Buffer.from(text, 'base64').toString('latin1'));
  return [body, ...decoded].some((text) => [NOTE, secret, 'SQLite format 3'].some((kept) => text.includes(kept)));
}

const QUERIES = [
  '',
  '?raw',
  '?import&raw',
  '?raw&import',
  '?raw??',
  '?import&raw??',
  '?import&raw?',
  '?t=1&raw',
  '?url',
  '?import&url',
  '?inline',
  '?import&inline',
  '?url&inline',
  '?import&inline=1.wasm?init',
  '?import&?inline=1.wasm?init',
  '?.svg?.wasm?init',
  '?worker',
  '?worker&inline',
  '?sharedworker',
  '?init',
  '?v=12345678',
  '?html-proxy&index=0.js',
  '/?raw',
];

/** Different spellings of one path. */
function forms(file: string): string[] {
  const path = encodeURI(file).replaceAll('[', '%5B').replaceAll(']', '%5D');
  const fromWeb = path.startsWith(WEB) ? path.slice(WEB.length) : `/../..${path.slice(ROOT.length)}`;
  const throughLink = path.startsWith(WEB) ? [`/@fs${ROOT}/node_modules/.pnpm/node_modules/@gatehouse/web${path.slice(WEB.length)}`] : [];
  return [
    `/@fs${path}`,
    `/@fs/${path}`,
    `/@fs/.${path}`,
    `/@fs${WEB}/src/../../..${path.slice(ROOT.length)}`,
    `/@fs${WEB}/src/%2e%2e/%2e%2e/%2e%2e${path.slice(ROOT.length)}`,
    `/@fs${WEB}/src/..%2f..%2f..${path.slice(ROOT.length)}`,
    `/@fs${path.replaceAll('/', '%2F')}`,
    `/@fs${path.replace('node_modules', 'NODE_MODULES')}`,
    `/@fs/x/x/x/vite/src/#/../../../../..${path}`,
    fromWeb,
    `/src/..${fromWeb}`,
    `//${fromWeb}`,
    `/@id/${path}`,
    `/@id/__x00__${path}`,
    `/@id/@fs${path}`,
    ...throughLink,
  ];
}

describe('the development server only serves files of the web app', () => {
  test.each(['session-secret', 'gatehouse.db', 'gatehouse.db-wal', 'note.txt'])('%s in the data folder', async (name) => {
    await expectKept(join(dataFolder, name));
  });

  test.each(['note.txt', '.env', '.env.local', 'tls.key'])('%s elsewhere in the repository', async (name) => {
    await expectKept(join(otherFolder, name));
  });

  async function expectKept(file: string): Promise<void> {
    const paths = forms(file).flatMap((form) => QUERIES.map((query) => form + query));
    const leaked: string[] = [];
    for (let next = 0; next < paths.length; next += 40) {
      const answers = await Promise.all(paths.slice(next, next + 40).map(async (path) => ({ path, ...(await ask(path)) })));
      leaked.push(...answers.filter(({ body }) => leaks(body)).map(({ path }) => path));
    }
    expect(leaked).toEqual([]);
  }

  test.each([
    `/@fs${ROOT}/package.json`,
    `/@fs${ROOT}/apps/server/src/main.ts`,
    `/@fs${ROOT}/node_modules/.pnpm/node_modules/@gatehouse/server-app/src/main.ts`,
    '/vite.config.ts',
    '/package.json',
    '/@fs/etc/passwd',
  ])('%s is refused', async (path) => {
    for (const query of ['', '?raw', '?import&raw']) expect((await ask(path + query)).status).toBe(403);
  });
});

test('serves every module that the pages import', async () => {
  const seen = new Set(['/']);
  const refused: string[] = [];
  for (const path of seen) {
    const { status, body } = await ask(path);
    if (status === 403) refused.push(path);
    for (const [, found = ''] of body.matchAll(/(?:from|import|src=|import\()\s*"(\/[^"]+)"/g)) seen.add(found);
  }
  expect(refused).toEqual([]);
  expect([...seen].filter((path) => path.includes('/packages/client/src/')).length).toBeGreaterThan(5);
  expect([...seen].some((path) => path.includes('/packages/contract/src/'))).toBe(true);
  expect(seen.size).toBeGreaterThan(50);
});

describe('the development server refuses pages of other origins, including other ports of this machine', () => {
  const FOREIGN = { origin: 'http://localhost:5555' };

  test.each(['/', '/src/main.tsx', '/@vite/client', `/@fs${WEB}/src/main.tsx?raw`, '/trpc/auth.presence', '/no-such.file'])(
    '%s has no CORS headers',
    async (path) => {
      for (const method of ['GET', 'OPTIONS']) {
        const { headers } = await ask(path, { ...FOREIGN, 'access-control-request-method': 'GET' }, method);
        expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
        expect(headers['cross-origin-resource-policy']).toBe('same-origin');
      }
    },
  );

  test.each<[string, string, string, number]>([
    ['/src/main.tsx', 'same-site', 'cors', 403],
    ['/src/main.tsx', 'cross-site', 'no-cors', 403],
    ['/@vite/client', 'same-site', 'cors', 403],
    ['/__open-in-editor?file=src/main.tsx', 'cross-site', 'navigate', 403],
    [`/@fs${WEB}/src/main.tsx`, 'same-site', 'navigate', 403],
    ['/src/main.tsx', 'same-origin', 'cors', 200],
    ['/login', 'cross-site', 'navigate', 200],
    ['/login', 'none', 'navigate', 200],
  ])('%s requested by a %s page, as %s: %i', async (path, site, mode, status) => {
    expect((await ask(path, { 'sec-fetch-site': site, 'sec-fetch-mode': mode })).status).toBe(status);
  });

  test('an unknown host name is refused', async () => {
    expect((await ask('/src/main.tsx', { host: 'evil.example' })).status).toBe(403);
    expect((await ask('/', { host: 'evil.example' })).status).toBe(403);
  });

  test('other origins cannot connect to the hot-reload socket', async () => {
    const upgrade = {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
      'sec-websocket-version': '13',
      'sec-websocket-protocol': 'vite-hmr',
    };
    expect((await ask('/', { ...FOREIGN, ...upgrade })).status).not.toBe(101);
    const token = /const wsToken = "([^"]+)"/.exec((await ask('/@vite/client')).body)?.[1];
    expect((await ask(`/?token=${token}`, { origin: url, ...upgrade })).status).toBe(101);
  });
});
