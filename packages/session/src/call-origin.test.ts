import type { IncomingMessage } from 'node:http';
import { describe, expect, test } from 'vitest';
import { isAjax, isCrossSite, isNavigation } from './call-origin.ts';

const request = (headers: Record<string, string>, method = 'GET', express: object = {}): IncomingMessage =>
  ({ headers: { host: 'app.example:8080', ...headers }, method, socket: { remoteAddress: '10.0.0.1' }, ...express }) as never;

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
    ['not a browser: neither header', {}, false],
    ['own origin', { origin: 'http://app.example:8080' }, false],
    ['own origin, upper case host', { origin: 'http://app.example:8080', host: 'APP.example:8080' }, false],
    ['own origin, behind a TLS proxy', { origin: 'https://app.example', host: 'app.example' }, false],
    ['another port', { origin: 'http://app.example:9090' }, true],
    ['another host', { origin: 'https://evil.example' }, true],
    ['a host that starts like ours', { origin: 'http://app.example:8080.evil.example' }, true],
    ['a host that ends like ours', { origin: 'http://evil-app.example:8080' }, true],
    ['a user part that looks like ours', { origin: 'http://app.example:8080@evil.example' }, true],
    ['null, as from a sandbox', { origin: 'null' }, true],
    ['no URL', { origin: 'garbage' }, true],
    ['empty', { origin: '' }, true],
    ['trusted', { origin: 'https://admin.example', 'sec-fetch-site': 'cross-site' }, false],
    ['trusted except for the scheme', { origin: 'http://admin.example' }, true],
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
    expect(isCrossSite({ headers: { host: 'app.example', origin }, secure: true } as never, [])).toBe(expected);
  });

  test.each([
    ['https://app.example', false],
    ['https://evil.example', true],
  ])('over HTTP/2, which has :authority and no Host, from %s: %s', (origin, expected) => {
    expect(isCrossSite({ headers: { ':authority': 'app.example', origin }, socket: { encrypted: true } } as never, [])).toBe(expected);
  });

  test('a request without a Host has no origin of its own', () => {
    expect(isCrossSite(request({ origin: 'http://app.example', host: '' }), [])).toBe(true);
    expect(isCrossSite({ headers: { origin: 'http://app.example' } } as never, [])).toBe(true);
  });

  test.each<[string, string, Record<string, string>, boolean]>([
    ['Referrer-Policy: no-referrer makes Origin null', 'POST', { origin: 'null', 'sec-fetch-site': 'same-origin' }, false],
    ['a proxy sent its own Host', 'POST', { origin: 'http://localhost:5173', host: 'app:3000', 'sec-fetch-site': 'same-origin' }, false],
    ['null from elsewhere', 'POST', { origin: 'null', 'sec-fetch-site': 'cross-site' }, true],
    ['null from a sibling', 'POST', { origin: 'null', 'sec-fetch-site': 'same-site' }, true],
    ['null, without fetch metadata', 'POST', { origin: 'null' }, true],
    ['typed, bookmarked', 'GET', { 'sec-fetch-site': 'none' }, false],
    ['a POST with Sec-Fetch-Site: none', 'POST', { 'sec-fetch-site': 'none' }, true],
    ['such a POST from our own page', 'POST', { 'sec-fetch-site': 'none', origin: 'http://app.example:8080' }, false],
    ['a browser extension', 'GET', { 'sec-fetch-site': 'none', origin: 'chrome-extension://abcdef' }, true],
    ['a value that is not in the standard', 'POST', { 'sec-fetch-site': 'same-origin, cross-site' }, true],
    ['an empty value', 'POST', { 'sec-fetch-site': '' }, true],
  ])('security 25: Fetch Metadata, if present, decides: %s', (_name, method, headers, expected) => {
    expect(isCrossSite(request(headers, method), TRUSTED)).toBe(expected);
  });

  test.each<[string, string, boolean]>([
    ['app.example:80', 'http://app.example', false],
    ['app.example', 'http://app.example:80', false],
    ['app.example:443', 'https://app.example', false],
    ['app.example:80', 'https://app.example', true],
    ['app.example:8080', 'http://app.example', true],
    ['APP.Example', 'http://app.example', false],
    ['app.example.', 'http://app.example', false],
    ['app.example', 'http://app.example.', false],
    ['app.example.:8080', 'http://app.example:8080', false],
    ['[::1]:3000', 'http://[::1]:3000', false],
    ['[0:0:0:0:0:0:0:1]:3000', 'http://[::1]:3000', false],
    ['[::1]', 'http://[::1]:3000', true],
    ['[::1]', 'http://[::2]', true],
    ['xn--mnchen-3ya.example', 'http://xn--mnchen-3ya.example', false],
    ['user@app.example', 'http://app.example', true],
    ['app.example/x', 'http://app.example', true],
    ['app.example, evil.example', 'http://app.example', true],
    ['', 'http://', true],
    ['app.example', 'file://app.example', true],
    ['abcdef', 'chrome-extension://abcdef', true],
  ])('without Fetch Metadata: Host %s, Origin %s', (host, origin, expected) => {
    expect(isCrossSite(request({ host, origin }, 'POST'), [])).toBe(expected);
  });

  test.each([
    [true, false],
    [false, true],
  ])('X-Forwarded-Host is only used behind a trusted proxy (%s)', (trusted, expected) => {
    const app = { get: () => () => trusted };
    const headers = { host: 'upstream:3000', 'x-forwarded-host': 'shop.example, inner', origin: 'https://shop.example' };
    expect(isCrossSite(request(headers, 'POST', { app }), [])).toBe(expected);
  });

  test('under https an http page of the same host is cross-site, whatever the case of X-Forwarded-Proto', () => {
    const headers = { host: 'app.example', origin: 'http://app.example' };
    for (const express of [{ secure: true }, { secure: false, protocol: 'HTTPS' }, { socket: { encrypted: true } }])
      expect(isCrossSite(request(headers, 'POST', express), [])).toBe(true);
  });
});

describe('isNavigation', () => {
  test.each<[string, Record<string, string>, boolean]>([
    ['a browser navigates', { 'sec-fetch-mode': 'navigate', accept: 'text/html,*/*' }, true],
    ['a browser without fetch metadata', { accept: 'text/html,application/xhtml+xml' }, true],
    ['a script’s fetch', { 'sec-fetch-mode': 'cors', accept: '*/*' }, false],
    ['a script that asks for JSON', { accept: 'application/json' }, false],
    ['no header, as from curl with -H Accept:', {}, false],
    ['an XMLHttpRequest for a page fragment', { accept: 'text/html', 'x-requested-with': 'XMLHttpRequest' }, false],
  ])('%s: %o', (_name, headers, expected) => {
    expect(isNavigation(request(headers))).toBe(expected);
  });
});
