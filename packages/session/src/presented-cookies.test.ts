import signature from 'cookie-signature';
import { expect, test } from 'vitest';
import { createCookieReader } from './presented-cookies.ts';
import { markSecret, type CookieSettings } from './session-cookie.ts';
import { formatToken, hashSecret, newHandle, newSecret } from './session-id.ts';

const SECRET = 'a secret of thirty-two characters or more';
const OLD_SECRET = 'another secret of thirty-two characters';
const COOKIE: CookieSettings = { name: 'sid', secure: false, sameSite: 'lax', path: '/' };

const token = () => ({ handle: newHandle(), secret: markSecret(newSecret(), COOKIE, false) });
const headerOf = (own: ReturnType<typeof token>, secret = SECRET): string =>
  `sid=${encodeURIComponent(`s:${signature.sign(formatToken(own), secret)}`)}`;

test('a header that was seen before gives the same result, without being verified again', () => {
  const read = createCookieReader(COOKIE, [SECRET]);
  const own = token();
  const first = read(headerOf(own)).read();
  expect(first).toMatchObject({ token: own, secretHash: hashSecret(own.secret), isIssued: true, hasForeign: false });
  expect(read(headerOf(own)).read()).toBe(first);
  expect(read(headerOf(own)).count).toBe(1);
});

test('every other header is verified: a changed signature, another secret, the same cookie beside a foreign one', () => {
  const read = createCookieReader(COOKIE, [SECRET]);
  const own = token();
  const valid = headerOf(own);
  read(valid).read();
  const last = valid.at(-1) === 'A' ? 'E' : 'A';
  expect(read(valid.slice(0, -1) + last).read()).toMatchObject({ token: undefined, secretHash: undefined, isIssued: false });
  expect(read(headerOf(own, OLD_SECRET)).read().token).toBeUndefined();
  expect(read(`${valid}; sid=foreign`).read()).toMatchObject({ token: undefined, hasForeign: true });
  expect(read(`sid=foreign; ${valid}`).read()).toMatchObject({ token: undefined, hasForeign: true });
  expect(read(undefined).count).toBe(0);
});

test('readers with other secrets or another placement share nothing', () => {
  const own = token();
  createCookieReader(COOKIE, [SECRET, OLD_SECRET])(headerOf(own, OLD_SECRET)).read();
  expect(createCookieReader(COOKIE, [SECRET])(headerOf(own, OLD_SECRET)).read().token).toBeUndefined();
  expect(createCookieReader({ ...COOKIE, path: '/shop' }, [SECRET])(headerOf(own)).read().hasOlder).toBe(true);
});

test('the results of the last 1,000 valid headers are kept, and no others', () => {
  const read = createCookieReader(COOKIE, [SECRET]);
  const headers = Array.from({ length: 1001 }, () => headerOf(token()));
  const results = headers.map((header) => read(header).read());
  expect(read(headers.at(-1)).read()).toBe(results.at(-1));
  expect(read(headers[1]).read()).toBe(results[1]);
  const again = read(headers[0]).read();
  expect(again).not.toBe(results[0]);
  expect(again).toEqual(results[0]);
  // The first took the place of the third, because the second had been used since.
  expect(read(headers[1]).read()).toBe(results[1]);
  expect(read(headers[2]).read()).not.toBe(results[2]);
});

test('neither a long header nor one without a valid cookie is kept', () => {
  const read = createCookieReader(COOKIE, [SECRET]);
  for (const header of ['sid=foreign', `${headerOf(token())}; other=${'x'.repeat(2048)}`])
    expect(read(header).read()).not.toBe(read(header).read());
});
