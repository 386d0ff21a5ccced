import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { codeBlocks, installInto, writeBlocks } from './code-blocks.ts';
import { docsFolder } from './site-pages.ts';

const PASSWORD = 'correct horse battery staple';
const NOT_ROUTES = ['app.ts', 'session-data.ts', 'shell.ts'];

let folder: string;
let server: ChildProcess;
let url: string;

/** One app with all recipes, and the form of the quick start. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-recipes-'));
  installInto(folder);
  const recipes = codeBlocks(readFileSync(join(docsFolder, 'recipes.md'), 'utf8')).filter(({ name }) => !name.startsWith('block-'));
  const start = codeBlocks(readFileSync(join(docsFolder, 'start.md'), 'utf8')).filter(({ name }) => name === 'form.ts');
  writeBlocks(folder, [...recipes, ...start]);
  const routes = recipes.filter(({ name }) => !NOT_ROUTES.includes(name)).map(({ name }) => `import './${name}';`);
  writeFileSync(
    join(folder, 'main.ts'),
    `import { app, gatehouse } from './app.ts';
import { signInForm } from './form.ts';
${routes.join('\n')}
await gatehouse.accounts.createUser({ username: 'ada', email: 'ada@example.com', name: 'Ada', role: 'user', password: '${PASSWORD}' });
app.use(signInForm(gatehouse));
app.use(gatehouse.errors);
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
`,
  );
  server = spawn(process.execPath, ['main.ts'], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'],
      DATABASE_URL: `file:${join(folder, 'app.db')}`,
      NODE_ENV: 'development',
      SESSION_ENGINE: 'db',
      LOG_LEVEL: 'error',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const port = await new Promise<string>((resolve, reject) => {
    createInterface(server.stdout!).on('line', (line) => /^\d+$/.test(line) && resolve(line));
    server.once('exit', () => reject(new Error('The app of the recipes has ended.')));
  });
  url = `http://127.0.0.1:${port}`;
});

afterAll(async () => {
  if (server.exitCode === null) {
    const ended = once(server, 'exit');
    server.kill();
    await ended;
  }
  rmSync(folder, { recursive: true, force: true });
});

/** A browser: it keeps cookies. */
function browser() {
  const cookies = new Map<string, string>();
  return async (path: string, { method = 'GET', form, json }: { method?: string; form?: Record<string, string>; json?: unknown } = {}) => {
    const response = await fetch(url + path, {
      method: form || json !== undefined ? 'POST' : method,
      redirect: 'manual',
      headers: {
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        'x-requested-with': 'XMLHttpRequest',
        ...(json !== undefined && { 'content-type': 'application/json' }),
      },
      body: form ? new URLSearchParams(form) : json !== undefined ? JSON.stringify(json) : null,
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    return { status: response.status, text: await response.text(), headers: response.headers };
  };
}

const signIn = (visit: ReturnType<typeof browser>, next = '') =>
  visit(`/login${next}`, { form: { identifier: 'ada', password: PASSWORD, remember: 'on' } });

test('last visit, a cart that survives signing in, and the page after it', async () => {
  const visit = browser();
  expect((await visit('/last-visit')).text).toBe('Welcome.');
  expect((await visit('/last-visit')).text).toMatch(/^You were last here on \d{4}-/);
  await visit('/cart', { json: { item: 'tea' } });
  const after = await signIn(visit, '?next=%2Fdevices');
  expect([after.status, after.headers.get('location')]).toEqual([303, '/devices']);
  expect(JSON.parse((await visit('/cart', { json: { item: 'tea' } })).text)).toEqual([{ item: 'tea', count: 2 }]);
});

test('visits at the same time are all counted', async () => {
  const visit = browser();
  await visit('/visits');
  await Promise.all(Array.from({ length: 10 }, () => visit('/visits')));
  expect((await visit('/visits')).text).toBe('Visit number 12');
});

test('a flash message is shown once', async () => {
  const visit = browser();
  await visit('/save', { method: 'POST' });
  expect(JSON.parse((await visit('/messages')).text)).toEqual([{ kind: 'done', text: 'Saved.' }]);
  expect((await visit('/messages')).text).toBe('[]');
});

test('devices are listed, and signing out everywhere ends them', async () => {
  const [laptop, phone] = [browser(), browser()];
  await signIn(laptop);
  await signIn(phone);
  const devices = JSON.parse((await laptop('/devices')).text) as { isThisOne: boolean }[];
  expect(devices.filter(({ isThisOne }) => isThisOne)).toHaveLength(1);
  expect(JSON.parse((await laptop('/logout-others', { method: 'POST' })).text)).toEqual({ ended: devices.length - 1 });
  expect((await phone('/devices')).status).toBe(401);
  expect((await laptop('/logout-everywhere', { method: 'POST' })).status).toBe(303);
  expect((await laptop('/devices')).status).toBe(401);
});

test('guards, the password again, a limit, and expiries', async () => {
  const visit = browser();
  expect((await visit('/staff')).status).toBe(401);
  await signIn(visit);
  expect((await visit('/staff')).status).toBe(403);
  expect([(await visit('/orders/1')).text, (await visit('/orders/2')).status]).toEqual(['Order 1', 404]);
  expect((await visit('/confirm', { json: { password: 'wrong' } })).status).toBe(403);
  expect((await visit('/confirm', { json: { password: PASSWORD } })).status).toBe(204);
  expect((await visit('/delete-everything', { method: 'POST' })).status).toBe(204);
  const posts = await Promise.all(Array.from({ length: 5 }, () => visit('/posts', { method: 'POST' })));
  expect(posts.map(({ status }) => status).sort((one, other) => one - other)).toEqual([201, 201, 201, 429, 429]);
  const maxAge = async (path: string) => /Max-Age=(\d+)/.exec((await visit(path, { method: 'POST' })).headers.getSetCookie().join())?.[1];
  expect(await maxAge('/kiosk')).toBe('300');
  expect(await maxAge('/this-browser-only')).toBeUndefined();
  expect(Number(await maxAge('/until-closing'))).toBeLessThanOrEqual(24 * 3600);
});

test('the form of the quick start is sent to people who are signed out', async () => {
  expect((await browser()('/login')).text).toContain('autocomplete="current-password"');
});
