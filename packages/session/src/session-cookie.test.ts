import signature from 'cookie-signature';
import { describe, expect, test } from 'vitest';
import { expiredCookie, presentedCookies, replaceCookie, sessionCookie, withoutCookie, type CookieSettings } from './session-cookie.ts';

const SETTINGS: CookieSettings = { name: 'sid', secure: 'auto', sameSite: 'lax', domain: undefined, path: '/' };

describe('the Set-Cookie header', () => {
  test('is signed with the secret, HttpOnly, and has a Max-Age', () => {
    const header = sessionCookie(SETTINGS, { id: 'the-id', maxAgeMs: 1_209_600_000 }, 'secret', true);
    expect(header).toBe(
      `sid=${encodeURIComponent(`s:${signature.sign('the-id', 'secret')}`)}; Max-Age=1209600; Path=/; HttpOnly; Secure; SameSite=Lax`,
    );
  });

  test('semantics 18: until the browser closes: neither Max-Age nor Expires', () => {
    expect(sessionCookie(SETTINGS, { id: 'x', maxAgeMs: undefined }, 'secret', false)).not.toMatch(/max-age|expires/i);
  });

  test.each([
    [1, 1],
    [999, 1],
    [1000, 1],
    [1001, 2],
    [-5, 0],
  ])('an age of %i ms is Max-Age %i: the browser never drops it first', (maxAgeMs, seconds) => {
    expect(sessionCookie(SETTINGS, { id: 'x', maxAgeMs }, 'secret', false)).toContain(`Max-Age=${seconds};`);
  });

  test('semantics 6: the removing cookie has the same name, path, domain and flags', () => {
    const settings = { ...SETTINGS, domain: 'example.org', path: '/app', sameSite: 'none' } as const;
    const given = sessionCookie(settings, { id: 'x', maxAgeMs: 1000 }, 'secret', true);
    const taken = expiredCookie(settings, true);
    const scope = (header: string) =>
      header
        .split('; ')
        .filter((part) => !/^(sid|max-age|expires)=/i.test(part))
        .sort();
    expect(scope(taken)).toEqual(scope(given));
    expect(taken).toContain('Domain=example.org');
    expect(taken).toMatch(/^sid=; Max-Age=0;/);
    expect(taken).toContain('Expires=Thu, 01 Jan 1970 00:00:00 GMT');
  });
});

describe('the Cookie header', () => {
  test.each<[string, string | undefined, string[]]>([
    ['none', undefined, []],
    ['others only', 'a=1; b=2', []],
    ['one', 'a=1; sid=x; b=2', ['x']],
    ['two', 'sid=x; a=1; sid=y', ['x', 'y']],
    ['an empty one', 'sid=', ['']],
    ['a name that ends like ours', 'my-sid=x; sid2=y', []],
    ['spaces around the name', ' sid =x;sid=y', ['x', 'y']],
    ['no value at all', 'sid', []],
    ['broken encoding', 'sid=%zz', ['%zz']],
  ])('%s', (_name, header, values) => {
    expect(presentedCookies(header, 'sid')).toEqual(values);
    expect(presentedCookies(withoutCookie(header ?? '', 'sid'), 'sid')).toEqual([]);
  });

  test('cookies of other names stay unchanged', () => {
    expect(withoutCookie('a=1; sid=x; b="2"; sid =y', 'sid')).toBe('a=1; b="2"');
  });
});

test('our Set-Cookie replaces every other one of its name, and only those', () => {
  expect(replaceCookie(undefined, 'sid', 'sid=new')).toEqual(['sid=new']);
  expect(replaceCookie('theme=dark', 'sid', 'sid=new')).toEqual(['sid=new', 'theme=dark']);
  expect(replaceCookie(['sid=old; Path=/', 'sid2=x', 'sid=older'], 'sid', 'sid=new')).toEqual(['sid=new', 'sid2=x']);
  expect(replaceCookie(['sid=old'], 'sid', undefined)).toEqual([]);
});
