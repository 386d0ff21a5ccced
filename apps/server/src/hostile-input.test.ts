import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addUser, PASSWORD, runApp, type RunningApp } from '../test-support/running-app.ts';
import { AJAX } from '../test-support/visitor.ts';

let app: RunningApp;
beforeAll(async () => {
  app = await runApp();
});
afterAll(() => app.close());

const signInWith = (identifier: unknown, password: unknown = PASSWORD) => app.visitor().mutate('auth.login', { identifier, password });

describe('security 36: user agents', () => {
  test.each([
    ['of 8 KB', 'M'.repeat(8000)],
    ['with markup', 'Mozilla <img src=x onerror=alert(1)> "quoted"'],
    ['with control characters', 'Moz\tilla\u0085 \u009b31m'],
    ['that is a formula', '=HYPERLINK("http://evil.example","x")'],
  ])('%s: sign-in works, and the stored text is short and has one line', async (_name, agent) => {
    const browser = app.visitor();
    const headers = { ...AJAX, 'user-agent': agent };
    expect((await browser.mutate('auth.login', { identifier: 'ada', password: PASSWORD }, headers)).status).toBe(200);
    const { data } = await browser.query('sessions.list');
    const { userAgent } = data.sessions.find(({ current }: { current: boolean }) => current);
    expect(userAgent.length).toBeLessThanOrEqual(255);
    // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
    expect(userAgent).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
  });
});

describe('security 35', () => {
  test('a formula in a name or a user agent is text in the CSV of sessions', async () => {
    await addUser(app.accounts, { username: 'formula', name: '=1+1' });
    const browser = app.visitor();
    const headers = { ...AJAX, 'user-agent': '@SUM(1+1)*cmd|calc' };
    await browser.mutate('auth.login', { identifier: 'formula', password: PASSWORD }, headers);
    const admin = app.visitor();
    await admin.signIn('root');
    const csv = await (await admin.fetch('/admin/sessions.csv')).text();
    expect(csv).toContain('formula');
    for (const cell of csv.split(/[\r\n,]+/)) expect(cell).not.toMatch(/^"?[=+@\t]/);
  });

  test('a line break in `next` cannot become a header', async () => {
    const response = await app
      .visitor()
      .fetch('/account/export?x=%0d%0aSet-Cookie:%20a=b', { headers: { accept: 'text/html', 'sec-fetch-mode': 'navigate' } });
    expect(response.status).toBe(302);
    expect(response.headers.getSetCookie()).toEqual([]);
  });
});

describe('login.type-confusion, login.injection', () => {
  test.each([[{ not: '' }], [{ contains: 'a' }], [['ada']], [{ $ne: null }], [0], [true], [null], [{ toString: 'ada' }]])(
    '%j as a name or password is a 4xx',
    async (value) => {
      for (const answer of [await signInWith(value), await signInWith('ada', value)]) {
        expect(answer.status).toBe(400);
        expect(answer.error?.data.reason).toBe('INVALID_INPUT');
        expect(answer.headers.getSetCookie()).toEqual([]);
      }
    },
  );

  test.each(["' OR '1'='1", 'ada"; DROP TABLE gatehouse_user; --', "ada' /*", '%', '_da', '*', '$gt', '${7*7}'])(
    '%j does not sign in',
    async (text) => {
      expect((await signInWith(text)).status).toBe(401);
      expect((await signInWith('ada', text)).status).toBe(401);
    },
  );

  test('login.extra-fields: unknown fields are ignored', async () => {
    const browser = app.visitor();
    const extra = { role: 'admin', isAdmin: true, userId: 'x', cookie: { maxAge: 1 }, status: 'active' };
    const { data } = await browser.mutate('auth.login', { identifier: 'ada', password: PASSWORD, ...extra });
    expect(data.user.role).toBe('user');
    expect((await browser.query('admin.overview')).status).toBe(403);
    const renamed = await browser.mutate('account.updateProfile', { name: 'Ada Lovelace', ...extra });
    expect(renamed.data).toMatchObject({ role: 'user', username: 'ada' });
  });
});

describe('login.password-exact', () => {
  test.each([
    ['trimmed', ` ${PASSWORD} `],
    ['in capitals', PASSWORD.toUpperCase()],
    ['cut', PASSWORD.slice(0, -1)],
    ['with a NUL behind it', `${PASSWORD}\0`],
    ['with something after a NUL', `${PASSWORD}\0x`],
  ])('the password %s is a different password', async (_name, password) => {
    const { status, headers } = await signInWith('ada', password);
    expect([400, 401]).toContain(status);
    expect(headers.getSetCookie()).toEqual([]);
  });
});

describe('security 20: login.username-odd', () => {
  test.each(['ada\0', 'ada\r\nSet-Cookie: x=y', 'a\u200bda', '\u202eada', 'ad\u0430', '\ud800', 'ada\u0000root'])(
    '%j is refused without a 5xx',
    async (identifier) => {
      const { status, headers } = await signInWith(identifier);
      expect([400, 401]).toContain(status);
      expect(headers.getSetCookie()).toEqual([]);
    },
  );

  test.each(['ADA', ' ada ', 'ａｄａ', 'Ada@EXAMPLE.org'])('%j is the same account', async (identifier) => {
    expect((await signInWith(identifier)).data?.user.username).toBe('ada');
  });
});

describe('security 33: shapes', () => {
  const post = (body: string, path = 'auth.login') =>
    app.visitor().fetch(`/trpc/${path}`, { method: 'POST', headers: { 'content-type': 'application/json', ...AJAX }, body });

  test.each([
    ['nested a thousand deep', '['.repeat(10_000) + ']'.repeat(10_000)],
    ['an array of thousands', JSON.stringify(Array(20_000).fill(1))],
    ['a number', '1'],
    ['null', 'null'],
    ['a lone quote', '"'],
    ['bytes that are no UTF-8', '{"identifier":"\xff"}'],
    ['nothing', ''],
  ])('a body that is %s is a 4xx', async (_name, body) => {
    const response = await post(body);
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(response.status).toBeLessThan(500);
    expect(await response.text()).not.toMatch(/at .*\.ts|node_modules/);
  });

  test.each([
    ['an input that is no object', 'auth.login?batch=1', '[1]'],
    ['inputs for other calls', 'auth.login?batch=1', '{"7":{"identifier":"ada","password":"x"}}'],
    ['a negative index', 'auth.login?batch=1', '{"-1":{}}'],
    ['a path that ends in a comma', 'auth.login,?batch=1', '{}'],
    ['an index of the prototype', 'auth.login?batch=1', '{"__proto__":{"identifier":"ada"}}'],
  ])('trpc.malformed-batch: %s is a 4xx without a sign-in', async (_name, path, body) => {
    const response = await post(body, path);
    expect(response.status).toBeGreaterThanOrEqual(207);
    expect(response.status).toBeLessThan(500);
    expect(response.headers.getSetCookie()).toEqual([]);
  });

  test('a URL or headers over Node’s limit are a 4xx, and the server keeps running', async () => {
    for (const [path, headers] of [
      [`/trpc/auth.me?input=${'x'.repeat(20_000)}`, {}],
      ['/trpc/auth.me', { 'x-long': 'x'.repeat(20_000) }],
    ] as const) {
      const { status } = await app.visitor().fetch(path, { headers });
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(500);
    }
    expect((await app.visitor().fetch('/healthz')).status).toBe(200);
  });
});
