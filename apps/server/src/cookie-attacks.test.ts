import { randomBytes } from 'node:crypto';
import signature from 'cookie-signature';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formatToken, newHandle, newSecret } from '@gatehouse/session/engine';
import { runApp, type RunningApp } from '../test-support/running-app.ts';

let app: RunningApp;
beforeAll(async () => {
  app = await runApp();
});
afterAll(() => app.close());

/** The content of a cookie for a session that does not exist. */
const unknownToken = (): string => formatToken({ handle: newHandle(), secret: newSecret() });

async function signedIn(on: RunningApp = app) {
  const browser = on.visitor();
  expect((await browser.signIn()).status).toBe(200);
  return { browser, value: browser.cookie!.slice('gatehouse.sid='.length) };
}

/** The response of `auth.me` to this Cookie header. */
const me = async (cookie: string, on: RunningApp = app) => (await on.visitor().fetch('/trpc/auth.me', { headers: { cookie } })).status;

test('security 11: forged and guessed cookies are not accepted and cause no storage access', async () => {
  const before = await app.engine.count();
  const rows = await app.database.prisma.session.count();
  const secrets = ['', 'secret', 'keyboard cat', 'change-me', 'gatehouse'];
  const guesses = Array.from({ length: 1000 }, (_, n) => {
    const id = unknownToken();
    return [id, `s:${id}`, `s:${signature.sign(id, secrets[n % secrets.length]!)}`, `s:${id}.${'A'.repeat(43)}`][n % 4]!;
  });
  const seen = new Set<number>();
  for (let at = 0; at < guesses.length; at += 50)
    for (const status of await Promise.all(guesses.slice(at, at + 50).map((guess) => me(`gatehouse.sid=${encodeURIComponent(guess)}`))))
      seen.add(status);
  expect([...seen]).toEqual([401]);
  expect(await app.engine.count()).toEqual(before);
  expect(await app.database.prisma.session.count()).toBe(rows);
});

test('a correctly signed cookie of a session that does not exist is not adopted', async () => {
  const secret = randomBytes(32).toString('hex');
  const own = await runApp({ SESSION_SECRET: secret });
  try {
    expect(await me(`gatehouse.sid=${encodeURIComponent(`s:${signature.sign(unknownToken(), secret)}`)}`, own)).toBe(401);
    expect(await own.database.prisma.session.count()).toBe(0);
  } finally {
    await own.close();
  }
});

describe('security 27', () => {
  test.each([
    ['another value beside it', (value: string) => `gatehouse.sid=${value}; gatehouse.sid=s%3Atossed.x`],
    ['another value before it', (value: string) => `gatehouse.sid=s%3Atossed.x; gatehouse.sid=${value}`],
    ['itself twice', (value: string) => `gatehouse.sid=${value}; gatehouse.sid=${value}`],
  ])('two cookies with the same name (%s): signed out or the valid one, never a 500', async (_name, cookie) => {
    const { value } = await signedIn();
    expect([200, 401]).toContain(await me(cookie(value)));
  });

  test('a planted session of an attacker is not used for the victim', async () => {
    const [victim, attacker] = [await signedIn(), app.visitor()];
    await attacker.signIn('root');
    const { browser } = victim;
    browser.cookie = `${attacker.cookie}; ${browser.cookie}`;
    const { data, status } = await browser.query('auth.me');
    expect(status === 401 || data.user.username === 'ada').toBe(true);
  });

  test.each([
    ['a cookie of 8 KB of the name', () => `gatehouse.sid=${'x'.repeat(8192)}`],
    ['200 foreign cookies', () => Array.from({ length: 200 }, (_, n) => `c${n}=v`).join('; ')],
    ['bytes that cannot be decoded', () => 'gatehouse.sid=%E0%A4%A'],
    ['an empty one', () => 'gatehouse.sid='],
    ['a name alone', () => 'gatehouse.sid'],
    ['names of the prototype', () => '__proto__=x; constructor=y; gatehouse.sid=s%3Ax.y'],
  ])('%s is signed out, never a 500', async (_name, cookie) => {
    expect(await me(cookie())).toBe(401);
  });

  test('a foreign cookie of 6 KB or with an odd name does not affect ours', async () => {
    const { value } = await signedIn();
    expect(await me(`big=${'x'.repeat(6144)}; gatehouse.sid=${value}`)).toBe(200);
    expect(await me(`a b="q; =x; gatehouse.sid=${value}; gatehouse.sid2=s%3Ax.y`)).toBe(200);
  });
});

/** The value without its signature, `s:handle.secret`. */
const unsigned = (value: string): string => value.slice(0, value.lastIndexOf('.'));

test.each([
  ['junk after the signature', (value: string) => `${value}x`],
  ['a cut signature', (value: string) => value.slice(0, -1)],
  ['no signature', (value: string) => unsigned(value)],
  ['an empty signature', (value: string) => `${unsigned(value)}.`],
  ['not signed', (value: string) => unsigned(decodeURIComponent(value)).slice(2)],
])('http.forged-signature: %s is signed out', async (_name, forge) => {
  const { value } = await signedIn();
  expect(await me(`gatehouse.sid=${forge(value)}`)).toBe(401);
  expect(await me(`gatehouse.sid=${value}`)).toBe(200);
});

test('session.cookie-only: the id is not taken from the URL, a header or a bearer token', async () => {
  const { value } = await signedIn();
  const id = decodeURIComponent(value);
  for (const [path, headers] of [
    [`/trpc/auth.me?gatehouse.sid=${value}`, {}],
    ['/trpc/auth.me', { 'x-session-id': id, 'gatehouse.sid': id }],
    ['/trpc/auth.me', { authorization: `Bearer ${id}` }],
  ] as const)
    expect((await app.visitor().fetch(path, { headers })).status).toBe(401);
});

test('the cookie is small: name and value stay under 4096 bytes', async () => {
  const { browser } = await signedIn();
  expect(browser.cookie!.length).toBeLessThan(256);
});

test('security 4: after sign-out the old cookie is refused by every process', async () => {
  const { browser, value } = await signedIn();
  await using other = await app.elsewhere();
  await browser.mutate('auth.logout');
  expect(await me(`gatehouse.sid=${value}`)).toBe(401);
  expect(await other.engine.count()).toEqual(await app.engine.count());
});

test('a correctly signed cookie with a session’s public id and a wrong secret is signed out, and ends nothing', async () => {
  const secret = randomBytes(32).toString('hex');
  const own = await runApp({ SESSION_SECRET: secret });
  try {
    const { browser } = await signedIn(own);
    const { handle } = (await browser.query('auth.me')).data.session as { handle: string };
    const token = formatToken({ handle, secret: newSecret() });
    expect(await me(`gatehouse.sid=${encodeURIComponent(`s:${signature.sign(token, secret)}`)}`, own)).toBe(401);
    expect((await browser.query('auth.me')).status).toBe(200);
  } finally {
    await own.close();
  }
});
