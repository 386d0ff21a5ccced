import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PASSWORD, runApp, type RunningApp } from '../test-support/running-app.ts';
import { AJAX } from '../test-support/visitor.ts';

const FORGED = {
  'x-forwarded-for': '203.0.113.9',
  'x-forwarded-proto': 'https',
  'x-forwarded-host': 'evil.example',
  'x-real-ip': '203.0.113.9',
  forwarded: 'for=203.0.113.9;proto=https;host=evil.example',
  'cf-connecting-ip': '203.0.113.9',
};

/** The cookie and the recorded address of a sign-in with these headers. */
async function signInWith(app: RunningApp, headers: Record<string, string>) {
  const browser = app.visitor();
  const answer = await browser.mutate('auth.login', { identifier: 'ada', password: PASSWORD }, { ...AJAX, ...headers });
  const cookie = answer.headers.getSetCookie()[0] ?? '';
  const found = answer.data && (await app.engine.find(answer.data.session.handle));
  return { status: answer.status, cookie, ip: found?.record.ip };
}

describe('security 37: without TRUST_PROXY', () => {
  let app: RunningApp;
  beforeAll(async () => {
    app = await runApp();
  });
  afterAll(() => app.close());

  test('forwarded headers change nothing: neither the recorded address nor the cookie', async () => {
    const { cookie, ip } = await signInWith(app, FORGED);
    expect(ip).toBe('127.0.0.1');
    expect(cookie).toMatch(/^gatehouse\.sid=/);
    expect(cookie).not.toContain('Secure');
  });

  test('a forged Host is not reflected anywhere', async () => {
    const response = await app
      .visitor()
      .fetch('/account/export', { headers: { ...FORGED, accept: 'text/html', 'sec-fetch-mode': 'navigate' } });
    expect(response.status).toBe(302);
    expect(response.headers.get('location')).toMatch(/^\/login\?/);
    expect(JSON.stringify([...response.headers]) + (await response.text())).not.toContain('evil.example');
  });
});

describe('security 37: with TRUST_PROXY=2', () => {
  let app: RunningApp;
  beforeAll(async () => {
    app = await runApp({ TRUST_PROXY: '2' });
  });
  afterAll(() => app.close());

  test.each([
    ['198.51.100.7, 10.0.0.2', '198.51.100.7'],
    ['203.0.113.9, 198.51.100.7, 10.0.0.2', '198.51.100.7'],
    ['203.0.113.9, 203.0.113.8, 203.0.113.7, 198.51.100.7, 10.0.0.2', '198.51.100.7'],
  ])('of %s only the second address from the right is used', async (forwarded, expected) => {
    expect((await signInWith(app, { 'x-forwarded-for': forwarded })).ip).toBe(expected);
  });

  test('an invalid address is not recorded', async () => {
    expect((await signInWith(app, { 'x-forwarded-for': `${'x'.repeat(4000)}<script>, 10.0.0.2` })).ip).toBeNull();
  });
});

describe('security 22, 38: behind TLS at a trusted proxy', () => {
  let app: RunningApp;
  beforeAll(async () => {
    app = await runApp({ TRUST_PROXY: '1', PUBLIC_URL: 'https://app.example' });
  });
  afterAll(() => app.close());

  const BEHIND = { 'x-forwarded-proto': 'https', 'x-forwarded-for': '198.51.100.7', origin: 'https://app.example' };

  test('the cookie is Secure and __Host-, and HSTS is sent', async () => {
    const { cookie } = await signInWith(app, BEHIND);
    expect(cookie).toMatch(/^__Host-sessionid=/);
    for (const attribute of ['Secure', 'HttpOnly', 'SameSite=Lax', 'Path=/']) expect(cookie).toContain(`; ${attribute}`);
    expect(cookie).not.toContain('Domain');
    const { headers } = await app.visitor().fetch('/healthz', { headers: BEHIND });
    expect(headers.get('strict-transport-security')).toBe('max-age=2592000');
    expect((await app.visitor().fetch('/healthz')).headers.get('strict-transport-security')).toBeNull();
  });

  test('W-28: over plain HTTP no password is checked, and no response reports a sign-in', async () => {
    const { sessions: before } = await app.engine.count();
    for (const plain of [{ ...BEHIND, 'x-forwarded-proto': 'http' }, {}]) {
      const browser = app.visitor();
      const answer = await browser.mutate('auth.login', { identifier: 'ada', password: PASSWORD }, { ...AJAX, ...plain });
      expect(answer).toMatchObject({ status: 403, error: { reason: 'HTTPS_REQUIRED' } });
      expect(browser.cookie).toBeUndefined();
    }
    expect(await app.engine.count()).toEqual({ sessions: before, users: expect.any(Number) });
  });
});

test.each<[Record<string, string>, string | null]>([
  [{ SECURE_HSTS_SECONDS: '0' }, null],
  [{ SECURE_HSTS_SECONDS: '3600', SECURE_HSTS_INCLUDE_SUBDOMAINS: 'true' }, 'max-age=3600; includeSubDomains'],
  [
    { SECURE_HSTS_SECONDS: '31536000', SECURE_HSTS_INCLUDE_SUBDOMAINS: 'true', SECURE_HSTS_PRELOAD: 'true' },
    'max-age=31536000; includeSubDomains; preload',
  ],
])('security 30: HSTS with %j', async (settings, header) => {
  const app = await runApp({ TRUST_PROXY: '1', PUBLIC_URL: 'https://app.example', ...settings });
  try {
    const { headers } = await app.visitor().fetch('/healthz', { headers: { 'x-forwarded-proto': 'https' } });
    expect(headers.get('strict-transport-security')).toBe(header);
  } finally {
    await app.close();
  }
});

test('security 38: a start that could not set its cookie says so, with the fix', async () => {
  await expect(runApp({ PUBLIC_URL: 'https://app.example' })).rejects.toThrow(
    /TRUST_PROXY.*no cookie could be set[\s\S]*Write 1 for one proxy/,
  );
});

test('security 37: a trusted proxy may append a port to addresses, and clients are recorded without it', async () => {
  const app = await runApp({ TRUST_PROXY: 'loopback,10.0.0.0/8' });
  try {
    expect((await signInWith(app, { 'x-forwarded-for': '198.51.100.7:4711, 10.0.0.4:39000' })).ip).toBe('198.51.100.7');
  } finally {
    await app.close();
  }
});
