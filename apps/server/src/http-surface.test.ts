import { request } from 'node:http';
import { openDatabase } from '@gatehouse/prisma';
import { StorageUnavailableError } from '@gatehouse/session';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { DEFAULT_TIMEOUTS, PASSWORD, runApp, type RunningApp } from '../test-support/running-app.ts';
import { AJAX } from '../test-support/visitor.ts';

let app: RunningApp;
beforeAll(async () => {
  app = await runApp();
});
afterAll(() => app.close());

const JSON_POST = { method: 'POST', headers: { 'content-type': 'application/json', ...AJAX } };

test('security 33: malformed JSON is 400, without internal details', async () => {
  const response = await app.visitor().fetch('/trpc/auth.login', { ...JSON_POST, body: '{"identifier":' });
  expect(response.status).toBe(400);
  expect(await response.text()).not.toMatch(/stack|node_modules|SyntaxError|\.ts/);
});

test.each(['no.such', '__proto__', 'constructor', 'auth.__proto__', 'auth.constructor', 'toString'])(
  'security 33: unknown procedure %s is 404',
  async (path) => {
    expect((await app.visitor().query(path)).status).toBe(404);
  },
);

test('security 33: a body over the limit is 413 and is not parsed', async () => {
  const body = JSON.stringify({ identifier: 'ada', password: 'x'.repeat(70_000) });
  const response = await app.visitor().fetch('/trpc/auth.login', { ...JSON_POST, body });
  expect(response.status).toBe(413);
});

test('security 33: a body over the limit without Content-Length is 413', async () => {
  const body = new ReadableStream({
    start(controller) {
      for (let chunk = 0; chunk < 80; chunk += 1) controller.enqueue(new TextEncoder().encode('x'.repeat(1024)));
      controller.close();
    },
  });
  const response = await app.visitor().fetch('/trpc/auth.login', { ...JSON_POST, body, duplex: 'half' });
  expect(response.status).toBe(413);
});

test('security 33: an endless body is not read beyond the limit', { timeout: 10_000 }, async () => {
  const chunk = Buffer.alloc(16_384, ' ');
  const post = request(`${app.url}/trpc/auth.login`, { ...JSON_POST, agent: false });
  post.on('error', () => undefined);
  const timer = setInterval(() => post.write(chunk), 5);
  try {
    const status = await new Promise<number | undefined>(
      (resolve) => void post.on('response', (response) => resolve(response.resume().statusCode)),
    );
    expect(status).toBe(413);
    // Well before the request timeout.
    await vi.waitFor(() => expect(post.socket?.destroyed).toBe(true), { timeout: 20_000 });
  } finally {
    clearInterval(timer);
    post.destroy();
  }
});

test.each(['/healthz', '/readyz'])('%s is not cached', async (path) => {
  expect((await app.visitor().fetch(path)).headers.get('cache-control')).toBe('no-store');
});

test('security 33: a batch over the limit is refused whole', async () => {
  const paths = Array.from({ length: 11 }, () => 'auth.login').join(',');
  const input = Object.fromEntries(
    Array.from({ length: 11 }, (_, index) => [index, { identifier: 'ada', password: index === 10 ? PASSWORD : 'wrong password' }]),
  );
  const response = await app.visitor().fetch(`/trpc/${paths}?batch=1`, { ...JSON_POST, body: JSON.stringify(input) });
  expect(response.status).toBe(400);
  expect(response.headers.getSetCookie()).toEqual([]);
});

test('responses are never streamed: sign-in sets its cookie whatever the client accepts', async () => {
  for (const headers of [{ 'trpc-accept': 'application/jsonl' }, { accept: 'application/jsonl' }, { accept: 'text/event-stream' }]) {
    const browser = app.visitor();
    const response = await browser.fetch('/trpc/auth.login?batch=1', {
      method: 'POST',
      headers: { ...JSON_POST.headers, ...headers },
      body: JSON.stringify({ 0: { identifier: 'ada', password: PASSWORD } }),
    });
    expect(response.status).toBe(200);
    expect((await browser.query('auth.me')).status).toBe(200);
  }
});

test('security 34: __proto__ in a body pollutes nothing', async () => {
  await app.visitor().fetch('/trpc/auth.login', {
    ...JSON_POST,
    body: '{"__proto__":{"role":"admin"},"constructor":{"prototype":{"role":"admin"}},"identifier":"ada","password":"x"}',
  });
  expect(({} as Record<string, unknown>)['role']).toBeUndefined();
});

test.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD'])('method %s on the router is 405', async (method) => {
  expect((await app.visitor().fetch('/trpc/auth.me', { method, headers: AJAX })).status).toBe(405);
});

test('TRACE is 405 and echoes nothing', async () => {
  const { status, body } = await raw('TRACE', '/trpc/auth.me', { 'x-secret': 'echo-me' });
  expect(status).toBe(405);
  expect(body).not.toContain('echo-me');
});

test('method override headers are ignored', async () => {
  const browser = app.visitor();
  await browser.signIn();
  await browser.fetch('/trpc/auth.logout', { headers: { ...AJAX, 'x-http-method-override': 'POST' } });
  expect((await browser.query('auth.me')).status).toBe(200);
});

test.each(['/trpc/%', '/trpc/%00', '/trpc/%E0%A4%A', '/%', '/account/%ff'])('a path that cannot be decoded (%s) is a 4xx', async (path) => {
  const { status } = await raw('GET', path, {});
  expect(status).toBeGreaterThanOrEqual(400);
  expect(status).toBeLessThan(500);
});

test.each([
  '/.env',
  '/.git/config',
  '/data/gatehouse.db',
  '/src/main.tsx',
  '/@fs/etc/passwd',
  '/assets/../../../package.json',
  '/package.json',
])('%s is not served', async (path) => {
  const { status } = await raw('GET', path, {});
  expect(status).toBe(404);
});

describe('security 30: headers', () => {
  test.each(['/', '/trpc/auth.me', '/healthz', '/no-such.file'])('%s has a strict CSP and the other headers', async (path) => {
    const { headers } = await app.visitor().fetch(path);
    const csp = headers.get('content-security-policy') ?? '';
    expect(csp).toContain("default-src 'none'");
    expect(csp).not.toContain('unsafe');
    for (const directive of [
      "require-trusted-types-for 'script'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
      "form-action 'self'",
      "object-src 'none'",
    ])
      expect(csp).toContain(directive);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(headers.get('permissions-policy')).toContain('camera=()');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('x-powered-by')).toBeNull();
    // Not over plain HTTP.
    expect(headers.get('strict-transport-security')).toBeNull();
  });

  test('pages of other origins cannot read responses', async () => {
    const { headers } = await app.visitor().fetch('/trpc/auth.me', { headers: { origin: 'https://evil.example' } });
    expect(headers.get('access-control-allow-origin')).toBeNull();
  });
});

test('security 32: pages load no session, set no cookie and are not cached', async () => {
  const browser = app.visitor();
  await browser.signIn();
  app.takeQueries();
  const response = await browser.fetch('/');
  expect(app.takeQueries()).toEqual([]);
  expect(response.headers.getSetCookie()).toEqual([]);
});

test('semantics 26: responses that depend on the session are not cached, and vary by cookie', async () => {
  const browser = app.visitor();
  await browser.signIn();
  const { headers } = await browser.query('auth.me');
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('vary')).toContain('Cookie');
});

test('security 31: an unexpected error only shows a request id', async () => {
  const broken = await runApp();
  try {
    const browser = broken.visitor();
    await browser.signIn();
    await broken.database.prisma.$executeRaw`DROP TABLE gatehouse_activity`;
    const { status, error } = await browser.query('account.recentActivity');
    expect(status).toBe(500);
    expect(error?.message).toBe('Something went wrong.');
    expect(error?.data.requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(JSON.stringify(error)).not.toMatch(/gatehouse_activity|prisma|SQL|stack/i);
  } finally {
    await broken.close();
  }
});

test('an unexpected error while loading a session is a 500, not a sign-out, for every call of a batch', async () => {
  const broken = await runApp();
  try {
    const browser = broken.visitor();
    await browser.signIn();
    const { cookie } = browser;
    await broken.database.prisma.$executeRaw`DROP TABLE gatehouse_session`;
    const { status, error, headers } = await browser.query('auth.me');
    expect(status).toBe(500);
    expect(error?.data).toMatchObject({ code: 'INTERNAL_SERVER_ERROR', reason: 'INTERNAL', requestId: expect.any(String) });
    expect(JSON.stringify(error)).not.toContain('gatehouse_session');
    expect(headers.get('retry-after')).toBeNull();
    expect(browser.cookie).toBe(cookie);
    const batch = await (await browser.fetch('/trpc/auth.me,auth.me?batch=1&input=%7B%7D')).json();
    expect(batch).toHaveLength(2);
  } finally {
    await broken.close();
  }
});

test('a session storage failure is a 503 with Retry-After, not a sign-out, for every call of a batch', async () => {
  const broken = await runApp();
  try {
    const browser = broken.visitor();
    await browser.signIn();
    const { cookie } = browser;
    broken.engine.load = () => Promise.reject(new StorageUnavailableError('away'));
    const { status, error, headers } = await browser.query('auth.me');
    expect(status).toBe(503);
    expect(error?.data).toMatchObject({ code: 'SERVICE_UNAVAILABLE', reason: 'STORAGE_UNAVAILABLE' });
    expect(headers.get('retry-after')).toBe('2');
    expect(browser.cookie).toBe(cookie);
    const batch = await (await browser.fetch('/trpc/auth.me,auth.me?batch=1&input=%7B%7D')).json();
    expect(batch).toHaveLength(2);
    const page = await browser.fetch('/account/export', { headers: { accept: 'text/html', 'sec-fetch-mode': 'navigate' } });
    expect(page.status).toBe(503);
    expect(page.headers.get('retry-after')).toBe('2');
  } finally {
    await broken.close();
  }
});

test('while another writer locks the database, writes are a 503 with Retry-After, reads work, and it recovers', async () => {
  const hasty = await runApp(DEFAULT_TIMEOUTS);
  const browser = hasty.visitor();
  await browser.signIn();
  const writer = await openDatabase(hasty.databaseUrl);
  try {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    let locked = (): void => undefined;
    const isLocked = new Promise<void>((resolve) => (locked = resolve));
    const holding = writer.prisma.$transaction(
      async (tx) => {
        await tx.user.updateMany({ where: { username: 'nobody' }, data: { name: 'Nobody' } });
        locked();
        await held;
      },
      { timeout: 30_000 },
    );
    await isLocked;
    const [profile, signIn, me] = await Promise.all([
      browser.mutate('account.updateProfile', { name: 'Ada L.' }),
      hasty.visitor().signIn(),
      browser.query('auth.me'),
    ]);
    for (const { status, error, headers } of [profile, signIn]) {
      expect(status).toBe(503);
      expect(error?.data.reason).toBe('STORAGE_UNAVAILABLE');
      expect(headers.get('retry-after')).toBe('2');
      expect(headers.getSetCookie()).toEqual([]);
    }
    expect(me.status).toBe(200);
    release();
    await holding;
    expect((await browser.mutate('account.updateProfile', { name: 'Ada L.' })).status).toBe(200);
    expect((await hasty.visitor().signIn()).status).toBe(200);
  } finally {
    await writer.close();
    await hasty.close();
  }
});

/** Sends the path unchanged; `fetch` would normalise it. */
function raw(method: string, path: string, headers: Record<string, string>): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(app.url);
    const call = request({ hostname, port, method, path, headers }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (body += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
    call.on('error', reject);
    call.end();
  });
}
