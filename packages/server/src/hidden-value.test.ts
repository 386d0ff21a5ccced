import { expect, test } from 'vitest';
import { hiddenValue } from './hidden-value.ts';

const isHidden = (key: string, value: Parameters<typeof hiddenValue>[1]): boolean => hiddenValue(key, value).isHidden;

test('a secret is hidden by its name, at any depth and within a text of JSON', () => {
  for (const key of [
    'csrf',
    'jwt',
    'access_token',
    'signingKey',
    'backupCodes',
    'pwd',
    'pin',
    'code',
    'connect.sid',
    'sid',
    'oauthState.nonce',
  ])
    expect([key, isHidden(key, 'x')]).toEqual([key, true]);
  expect(isHidden('oauth', { google: [{ refreshToken: 'x' }] })).toBe(true);
  expect(isHidden('saved', JSON.stringify({ user: { password: 'x' } }))).toBe(true);
  expect(isHidden('saved', '{"password": "cut off')).toBe(true);
});

test('a secret is hidden by its form under any name', () => {
  for (const text of [
    'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl',
    'Bearer 0123456789abcdef',
    '-----BEGIN PRIVATE KEY-----\nMIIE',
    '/reset?token=abc',
    'https://app.test/callback?state=1&code=abc',
    'postgres://ada:hunter22@db/app',
    `s:ses_abc.${'A'.repeat(43)}.${'b'.repeat(43)}`,
  ])
    expect([text, isHidden('last', { seen: [text] })]).toEqual([text, true]);
});

test('what an operator needs stays readable', () => {
  const data = { authenticatedAt: '2026-11-27T01:00:00.000Z', next: '/orders?page=2', cart: [{ id: 7, name: 'Pin board' }], theme: 'dark' };
  for (const [key, value] of Object.entries(data)) expect([key, isHidden(key, value)]).toEqual([key, false]);
});

test('a text that is made to be slow is judged quickly', () => {
  const begin = performance.now();
  for (const part of ['-eyJ', '?token', 's:a.', '://a:', 'bearer ', ';code']) isHidden('last', part.repeat(16_000 / part.length));
  expect(performance.now() - begin).toBeLessThan(5000);
});
