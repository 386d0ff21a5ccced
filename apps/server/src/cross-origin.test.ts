import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PASSWORD, runApp, type RunningApp } from '../test-support/running-app.ts';
import { AJAX } from '../test-support/visitor.ts';

const LISTED = 'https://admin.example';
const OTHERS = [
  'null',
  'https://admin.example.evil.example',
  'https://evil-admin.example',
  'https://admin.example:8443',
  'http://admin.example',
  'https://ADMIN.example/',
  '*',
];

const corsHeaders = (headers: Headers) => [...headers.keys()].filter((name) => name.startsWith('access-control-'));

const preflight = (app: RunningApp, origin: string) =>
  app.visitor().fetch('/trpc/auth.login', {
    method: 'OPTIONS',
    headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'x-requested-with,content-type' },
  });

describe('security 26: without listed origins', () => {
  let app: RunningApp;
  beforeAll(async () => {
    app = await runApp();
  });
  afterAll(() => app.close());

  test.each([LISTED, ...OTHERS])('%s gets no CORS headers, with or without a preflight', async (origin) => {
    const asked = await preflight(app, origin);
    expect(asked.status).toBe(405);
    expect(corsHeaders(asked.headers)).toEqual([]);
    expect(corsHeaders((await app.visitor().fetch('/trpc/auth.me', { headers: { origin } })).headers)).toEqual([]);
  });
});

describe('security 26: with TRUSTED_ORIGINS', () => {
  let app: RunningApp;
  beforeAll(async () => {
    app = await runApp({ TRUSTED_ORIGINS: `${LISTED}, https://second.example` });
  });
  afterAll(() => app.close());

  test('a listed origin is allowed by name, with credentials, and can sign in', async () => {
    const asked = await preflight(app, LISTED);
    expect(asked.status).toBe(204);
    expect(asked.headers.get('access-control-allow-origin')).toBe(LISTED);
    expect(asked.headers.get('access-control-allow-credentials')).toBe('true');
    expect(asked.headers.get('access-control-allow-methods')).toBe('GET,POST');
    expect(asked.headers.get('vary')).toContain('Origin');

    const browser = app.visitor();
    const headers = { ...AJAX, origin: LISTED, 'sec-fetch-site': 'cross-site' };
    const { status, headers: answered } = await browser.mutate('auth.login', { identifier: 'ada', password: PASSWORD }, headers);
    expect(status).toBe(200);
    expect(answered.get('access-control-allow-origin')).toBe(LISTED);
  });

  test.each(OTHERS)('%s gets no CORS headers, and its calls are refused', async (origin) => {
    expect((await preflight(app, origin)).headers.get('access-control-allow-origin')).toBeNull();
    const { headers, error } = await app
      .visitor()
      .mutate('auth.login', { identifier: 'ada', password: PASSWORD }, { ...AJAX, origin, 'sec-fetch-site': 'cross-site' });
    expect(headers.get('access-control-allow-origin')).toBeNull();
    expect(headers.getSetCookie()).toEqual([]);
    expect(error?.data.reason).toBe('CROSS_SITE');
  });
});
