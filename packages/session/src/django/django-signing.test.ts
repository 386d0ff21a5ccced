import { DJANGO_SITE, DJANGO_SITES } from '@gatehouse/prisma/testing';
import { expect, test } from 'vitest';
import { isSessionOf, readSessionData } from './django-signing.ts';

const { secretKey, sessions, tables } = DJANGO_SITE;
const keys = [secretKey];

const stored = (name: string): string =>
  String(tables.django_session.find(({ session_key: key }) => key === sessions[name])?.['session_data']);
const passwordOf = (username: string): string => String(tables.auth_user.find((user) => user['username'] === username)?.['password']);

test.each(DJANGO_SITES)('Django $django: reads what the site signed, and nothing else', (site) => {
  const dataOf = (name: string) =>
    readSessionData(String(site.tables.django_session.find(({ session_key: key }) => key === site.sessions[name])?.['session_data']), [
      site.secretKey,
      site.oldKey,
    ]);
  // A pickle is not JSON and must not be evaluated.
  const unread = Object.keys(site.sessions).filter((name) => dataOf(name) === undefined);
  expect(unread).toEqual(['unknownKey', 'pickled', 'forged']);
  expect(dataOf('bobWithData')).toMatchObject({ total: '19.99', nested: { ünïcode: [1, 2.5, null, true, '東京'] } });
});

test('reads signed data: plain, compressed, and of versions before 3.1', () => {
  expect(readSessionData(stored('anonymous'), keys)).toEqual({ cart: ['anonymous'] });
  expect(readSessionData(stored('ada'), keys)).toMatchObject({ _auth_user_id: '1' });
  expect(readSessionData(stored('adaCompressed'), keys)).toMatchObject({
    _auth_user_id: '1',
    cart: expect.arrayContaining([expect.any(String)]) as string[],
  });
  expect(readSessionData(stored('legacy'), keys)).toMatchObject({ _auth_user_id: '2' });
});

test('accepts fallback keys and no others', () => {
  expect(readSessionData(stored('ada'), ['the new key', secretKey])).toBeDefined();
  for (const name of ['ada', 'legacy', 'anonymous']) expect(readSessionData(stored(name), ['another key'])).toBeUndefined();
});

test('refuses changed data, and data that decompresses beyond the limit', () => {
  expect(readSessionData(stored('forged'), keys)).toBeUndefined();
  const text = stored('ada');
  const [payload = '', time = '', mac = ''] = text.split(':');
  for (const wrong of [
    `${payload}A:${time}:${mac}`,
    `${payload}:${time}0:${mac}`,
    `${payload}:${time}:`,
    `${payload}:${mac}`,
    '',
    ':',
    '::',
    'x',
  ])
    expect(readSessionData(wrong, keys)).toBeUndefined();
});

test('a session belongs to the password with which it was created', () => {
  const authHash = readSessionData(stored('ada'), keys)?.['_auth_user_hash'];
  expect(isSessionOf(authHash, passwordOf('ada'), keys)).toBe(true);
  expect(isSessionOf(authHash, passwordOf('bob'), keys)).toBe(false);
  expect(isSessionOf(authHash, passwordOf('ada'), ['another key'])).toBe(false);
  expect(isSessionOf(readSessionData(stored('changedPassword'), keys)?.['_auth_user_hash'], passwordOf('dave'), keys)).toBe(false);
  for (const wrong of [undefined, '', 'x', '0'.repeat(64), 7]) expect(isSessionOf(wrong, passwordOf('ada'), keys)).toBe(false);
});
