import type { Request } from 'express';
import { describe, expect, test } from 'vitest';
import { isAjax, isCrossSite, isNavigation } from './call-origin.ts';

const request = (headers: Record<string, string>, method = 'GET'): Request =>
  ({ headers: { host: 'app.example:8080', ...headers }, method }) as never;

describe('isAjax', () => {
  test.each([
    [{}, false],
    [{ 'x-requested-with': 'XMLHttpRequest' }, true],
    [{ 'x-requested-with': 'xmlhttprequest' }, false],
    [{ 'x-requested-with': '' }, false],
    [{ 'x-requested-with': 'fetch' }, false],
    [{ 'x-requested-with': 'XMLHttpRequest, XMLHttpRequest' }, false],
  ])('%o: %s', (headers, expected) => {
    expect(isAjax(request(headers as Record<string, string>))).toBe(expected);
  });
});

describe('isCrossSite', () => {
  const TRUSTED = ['https://admin.example'];

  test.each<[string, Record<string, string>, boolean]>([
    ['no browser: neither header', {}, false],
    ['own origin', { origin: 'http://app.example:8080' }, false],
    ['own origin, upper case host', { origin: 'http://app.example:8080', host: 'APP.example:8080' }, false],
    ['own origin, behind a TLS proxy', { origin: 'https://app.example', host: 'app.example' }, false],
    ['another port', { origin: 'http://app.example:9090' }, true],
    ['another host', { origin: 'https://evil.example' }, true],
    ['a host that begins as ours', { origin: 'http://app.example:8080.evil.example' }, true],
    ['a host that ends as ours', { origin: 'http://evil-app.example:8080' }, true],
    ['a user part that looks like ours', { origin: 'http://app.example:8080@evil.example' }, true],
    ['null, as from a sandbox', { origin: 'null' }, true],
    ['no URL', { origin: 'garbage' }, true],
    ['empty', { origin: '' }, true],
    ['trusted', { origin: 'https://admin.example', 'sec-fetch-site': 'cross-site' }, false],
    ['trusted but for the scheme', { origin: 'http://admin.example' }, true],
    ['fetch metadata says cross-site', { 'sec-fetch-site': 'cross-site' }, true],
    ['fetch metadata says sibling host', { 'sec-fetch-site': 'same-site' }, true],
    ['fetch metadata says same origin', { 'sec-fetch-site': 'same-origin' }, false],
    ['typed into the address bar', { 'sec-fetch-site': 'none' }, false],
    ['own origin but cross-site by metadata', { origin: 'http://app.example:8080', 'sec-fetch-site': 'cross-site' }, true],
  ])('%s: %o', (_name, headers, expected) => {
    expect(isCrossSite(request(headers), TRUSTED)).toBe(expected);
  });

  test.each([
    ['https://app.example', false],
    ['http://app.example', true],
  ])('over https, from %s: %s', (origin, expected) => {
    expect(isCrossSite({ headers: { host: 'app.example', origin }, secure: true }, [])).toBe(expected);
  });

  test('a request without a Host is not its own origin', () => {
    expect(isCrossSite({ headers: { origin: 'http://app.example' } } as never, [])).toBe(true);
  });
});

describe('isNavigation', () => {
  test.each<[string, Record<string, string>, boolean]>([
    ['a browser goes to a page', { 'sec-fetch-mode': 'navigate', accept: 'text/html,*/*' }, true],
    ['a browser without fetch metadata', { accept: 'text/html,application/xhtml+xml' }, true],
    ['a script’s fetch', { 'sec-fetch-mode': 'cors', accept: '*/*' }, false],
    ['a script that asks for JSON', { accept: 'application/json' }, false],
    ['no header at all, as curl with -H Accept:', {}, false],
    ['an XMLHttpRequest for a page fragment', { accept: 'text/html', 'x-requested-with': 'XMLHttpRequest' }, false],
  ])('%s: %o', (_name, headers, expected) => {
    expect(isNavigation(request(headers))).toBe(expected);
  });
});
