import { describe, expect, test } from 'vitest';
import { loginPath, safeNextPath } from './next-path.ts';

describe('security 28: next is only a path on this origin', () => {
  test.each([
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    '\t//evil.example',
    'https://evil.example',
    'https:evil.example',
    'http:/evil.example',
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'data:text/html,x',
    'evil.example',
    '@evil.example',
    '/%2f%2fevil.example',
    '/%09/evil.example',
    '/%0d%0A%2fevil.example',
    '/%2Fevil.example',
    '/%5cevil.example',
    '/..//evil.example',
    '/.//evil.example',
    '/a/../..//evil.example',
    '',
    ' ',
    ' /reports',
    '?next=/x',
    '#x',
    `/${'a'.repeat(3000)}`,
  ])('%j becomes /', (next) => {
    expect(safeNextPath(next)).toBe('/');
  });

  test.each([undefined, null, 7, {}, ['/reports'], true])('%j, which is not a string, becomes /', (next) => {
    expect(safeNextPath(next)).toBe('/');
  });

  test.each(['/', '/reports', '/reports?year=2026&q=a%20b#top', '/reports/2026/', '/a%2fb', '/search?to=https://other.example', '/ünï'])(
    '%j is kept, including query and hash',
    (next) => {
      expect(decodeURI(safeNextPath(next))).toBe(decodeURI(next));
    },
  );

  test('the login page itself becomes /, to avoid a loop', () => {
    expect(safeNextPath('/login?next=/login')).toBe('/');
  });

  test('the result stays on the origin when a browser resolves it', () => {
    for (const next of ['/a//b', '/a/..', '/x@y', '/:80', '/;//evil.example']) {
      expect(new URL(safeNextPath(next), 'https://app.example').origin).toBe('https://app.example');
    }
  });
});

test('the login path carries next and reason, if there are any', () => {
  expect(loginPath({})).toBe('/login');
  expect(loginPath({ next: '/' })).toBe('/login');
  expect(loginPath({ next: '/reports?year=2026#top', reason: 'SESSION_EXPIRED' })).toBe(
    '/login?next=%2Freports%3Fyear%3D2026%23top&reason=SESSION_EXPIRED',
  );
  expect(loginPath({ next: '//evil.example', reason: 'SESSION_ENDED' })).toBe('/login?reason=SESSION_ENDED');
});
