import { afterAll, beforeAll, expect, test } from 'vitest';
import { runApp, type RunningApp } from '../test-support/running-app.ts';
import { AJAX } from '../test-support/visitor.ts';

let app: RunningApp;
beforeAll(async () => {
  app = await runApp();
});
afterAll(() => app.close());

const NAVIGATION = { accept: 'text/html', 'sec-fetch-mode': 'navigate' };

test('requireSession redirects a navigation to the login page, with the way back', async () => {
  const response = await app.visitor().fetch('/account/export?format=json', { headers: NAVIGATION });
  expect(response.status).toBe(302);
  expect(response.headers.get('location')).toBe('/login?next=%2Faccount%2Fexport%3Fformat%3Djson');
});

test('requireSession answers a script with 401 JSON', async () => {
  const response = await app.visitor().fetch('/account/export');
  expect(response.status).toBe(401);
  expect(await response.json()).toEqual({ error: { reason: 'SIGN_IN_REQUIRED', message: 'Sign in to continue.' } });
});

test('the account export is a download of the user’s own data without secrets', async () => {
  const browser = app.visitor();
  await browser.signIn();
  const response = await browser.fetch('/account/export', { headers: NAVIGATION });
  expect(response.headers.get('content-disposition')).toContain('attachment');
  const text = await response.text();
  const data = JSON.parse(text) as { account: { username: string }; sessions: { current: boolean }[] };
  expect(data.account.username).toBe('ada');
  expect(data.sessions.filter(({ current }) => current)).toHaveLength(1);
  const [, secret = ''] = decodeURIComponent(browser.cookie?.split('=')[1] ?? '').split('.');
  expect(secret.length).toBeGreaterThan(40);
  expect(text).not.toContain(secret);
});

test('requireSessionAjax checks the header before the session, and never redirects', async () => {
  expect((await app.visitor().fetch('/api/session', { headers: NAVIGATION })).status).toBe(403);
  const out = await app.visitor().fetch('/api/session', { headers: AJAX });
  expect(out.status).toBe(401);
  const browser = app.visitor();
  await browser.signIn();
  expect((await browser.fetch('/api/session', { headers: { ...AJAX, origin: 'https://evil.example' } })).status).toBe(403);
  const response = await browser.fetch('/api/session', { headers: AJAX });
  expect(await response.json()).toMatchObject({ handle: expect.stringMatching(/^ses_/), serverNow: expect.any(String) });
});

test('requireRole answers 403 without the role, and the report shows handles, never ids', async () => {
  const browser = app.visitor();
  expect((await browser.fetch('/admin/sessions.csv', { headers: NAVIGATION })).status).toBe(302);
  await browser.signIn();
  expect((await browser.fetch('/admin/sessions.csv')).status).toBe(403);
  const admin = app.visitor();
  await admin.signIn('root');
  const response = await admin.fetch('/admin/sessions.csv');
  expect(response.status).toBe(200);
  const rows = (await response.text()).trim().split('\r\n');
  expect(rows[0]).toBe('handle,user,role,created,last activity,expires,address,user agent');
  expect(rows.some((row) => row.startsWith('"ses_') && row.includes('"root","admin"'))).toBe(true);
});

test('security 35: a user agent cannot become a formula in the report', async () => {
  const browser = app.visitor();
  await browser.mutate(
    'auth.login',
    { identifier: 'ada', password: 'correct horse battery' },
    { ...AJAX, 'user-agent': '=HYPERLINK("https://evil.example")' },
  );
  const admin = app.visitor();
  await admin.signIn('root');
  const report = await (await admin.fetch('/admin/sessions.csv')).text();
  expect(report).toContain('"\'=HYPERLINK(""https://evil.example"")"');
});

test('healthz reports that the process is alive, readyz whether it can serve', async () => {
  expect(await (await app.visitor().fetch('/healthz')).json()).toEqual({ status: 'ok' });
  expect((await app.visitor().fetch('/readyz')).status).toBe(200);
});
