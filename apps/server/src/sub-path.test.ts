import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasNginx, startNginx, type Nginx } from '../test-support/nginx.ts';
import { PASSWORD, runApp, type RunningApp } from '../test-support/running-app.ts';
import { AJAX } from '../test-support/visitor.ts';
import { openSpa } from './spa.ts';

/** Another location of the same nginx. The slash after the upstream's name strips the prefix. */
const location = (upstream: string) => `} location /app/ { proxy_pass http://${upstream}; proxy_set_header Host $host;`;

describe.skipIf(!hasNginx())('below the path of PUBLIC_URL, behind nginx', () => {
  let folder: string;
  let app: RunningApp;
  let nginx: Nginx;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gatehouse-sub-path-'));
    await mkdir(join(folder, 'assets'));
    await writeFile(join(folder, 'assets/main.js'), 'export {};');
    await writeFile(join(folder, 'index.html'), '<html><head><script src="./assets/main.js"></script></head><a href="#top">Top</a></html>');
    app = await runApp({ PUBLIC_URL: 'http://x.example/app' }, { web: openSpa(folder, '/app') });
    nginx = await startNginx(app.url, [location('app'), location('app/')]);
  });
  afterAll(async () => {
    await nginx[Symbol.asyncDispose]();
    await app.close();
    await rm(folder, { recursive: true });
  });

  describe.each([
    ['keeps', 0],
    ['strips', 1],
  ])('which %s the prefix', (_what, at) => {
    const below = (path: string) => `${nginx.urls[at]}/app${path}`;

    test('sign-in sets a cookie for the path, with which a call is signed in', async () => {
      const signIn = await fetch(below('/trpc/auth.login'), {
        method: 'POST',
        headers: { ...AJAX, 'content-type': 'application/json', origin: 'http://x.example' },
        body: JSON.stringify({ identifier: 'ada', password: PASSWORD }),
      });
      expect(signIn.status).toBe(200);
      const cookies = signIn.headers.getSetCookie();
      expect(cookies.map((cookie) => /; Path=([^;]*)/.exec(cookie)?.[1])).toEqual(cookies.map(() => '/app'));
      const cookie = cookies.map((one) => one.split(';', 1)[0]).join('; ');
      const me = (await (await fetch(below('/trpc/auth.me'), { headers: { cookie } })).json()) as object;
      expect(me).toMatchObject({ result: { data: { user: { username: 'ada' } } } });
      expect((await fetch(below('/api/session'), { headers: { cookie, ...AJAX } })).status).toBe(200);
    });

    test('a guard redirects to the login page below the path, and back', async () => {
      const answer = await fetch(below('/account/export?a=1'), {
        redirect: 'manual',
        headers: { accept: 'text/html', 'sec-fetch-mode': 'navigate' },
      });
      expect([answer.status, answer.headers.get('location')]).toEqual([302, '/app/login?next=%2Fapp%2Faccount%2Fexport%3Fa%3D1']);
    });

    test('the page and its files are served, with addresses below the path on every page', async () => {
      const page = await (await fetch(below('/users/1'))).text();
      expect(page).toContain('src="/app/assets/main.js"');
      expect(page).toContain('<meta name="base-path" content="/app" />');
      expect(page).toContain('href="#top"');
      expect((await fetch(below('/assets/main.js'))).headers.get('content-type')).toMatch('javascript');
      expect((await fetch(below('/missing.js'))).status).toBe(404);
    });

    test('health answers below the path, and without it for the proxy', async () => {
      expect((await fetch(below('/readyz'))).status).toBe(200);
      expect((await fetch(`${app.url}/readyz`)).status).toBe(200);
    });
  });
});
