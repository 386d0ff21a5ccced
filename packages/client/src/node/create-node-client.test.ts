import type { ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { isUnreachable } from '../errors.ts';
import { ConnectionError } from './connection-error.ts';
import { memoryCookieJar } from './cookie-jar.ts';
import { createNodeClient } from './create-node-client.ts';
import { unusedAddress, answerSignedOut, tinyServer } from './test-support/tiny-server.ts';

const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

test('cookies are sent back to the server until it removes them', async () => {
  const seen: (string | undefined)[] = [];
  const answers = [
    ['a=1; HttpOnly; Path=/', 'b=2; Path=/; Max-Age=60; Expires=Wed, 01 Jan 2098 00:00:00 GMT'],
    ['a=; Max-Age=0; Path=/'],
    [],
  ];
  const url = await tinyServer((request, response) => {
    seen.push(request.headers.cookie);
    response.setHeader('set-cookie', answers[seen.length - 1] ?? []);
    answerSignedOut(request, response);
  });
  const client = createNodeClient({ url });
  for (let call = 0; call < 3; call++) await client.auth.logout.mutate();
  expect(seen).toEqual([undefined, 'a=1; b=2', 'b=2']);
});

test('calls carry the AJAX header and the user agent', async () => {
  const seen: unknown[] = [];
  const url = await tinyServer((request, response) => {
    seen.push(request.method, request.url, request.headers['x-requested-with'], request.headers['user-agent'], request.headers.origin);
    answerSignedOut(request, response);
  });
  await createNodeClient({ url: `${url}/`, userAgent: 'robot/1' }).auth.logout.mutate();
  expect(seen).toEqual(['POST', '/trpc/auth.logout?batch=1', 'XMLHttpRequest', 'robot/1', undefined]);
});

test('two servers on one host do not see each other’s cookies', async () => {
  const seen: (string | undefined)[] = [];
  const first = await tinyServer((request, response) => {
    response.setHeader('set-cookie', 'sessionid=first; Path=/');
    answerSignedOut(request, response);
  });
  const second = await tinyServer((request, response) => {
    seen.push(request.headers.cookie);
    answerSignedOut(request, response);
  });
  const jar = memoryCookieJar();
  await createNodeClient({ url: first, jar }).auth.logout.mutate();
  await createNodeClient({ url: second, jar }).auth.logout.mutate();
  expect(seen).toEqual([undefined]);
  expect(jar.cookieHeader(new URL(first))).toBe('sessionid=first');
});

test('a cookie that browsers reject is rejected: __Host- over http', async () => {
  const jar = memoryCookieJar();
  const url = await tinyServer((request, response) => {
    response.setHeader('set-cookie', '__Host-sessionid=x; Path=/');
    answerSignedOut(request, response);
  });
  await createNodeClient({ url, jar }).auth.logout.mutate();
  expect(jar.cookieHeader(new URL(url))).toBe('');
});

test('a redirect to another origin is not followed and its cookies are not kept', async () => {
  const redirected: unknown[] = [];
  const other = await tinyServer((request, response) => {
    redirected.push(request.url);
    answerSignedOut(request, response);
  });
  const jar = memoryCookieJar();
  const url = await tinyServer((_, response) => {
    response.writeHead(307, { location: `${other}/trpc/auth.login`, 'set-cookie': 'sessionid=x; Path=/' }).end();
  });
  const error = await failure(createNodeClient({ url, jar }).auth.login.mutate({ identifier: 'ada', password: 'hunter2' }));
  expect(String(error)).toContain(`${url} redirects to ${other}. If that is the server, use its address.`);
  expect(redirected).toEqual([]);
  expect(jar.cookieHeader(new URL(url))).toBe('');
});

test.each<[string, (response: ServerResponse) => void]>([
  ['never responds', () => {}],
  ['stops in the middle of the response', (response) => void response.writeHead(200, { 'content-type': 'application/json' }).write('[{')],
])('a server that %s causes a timeout', async (_, behave) => {
  const url = await tinyServer((__, response) => behave(response));
  const error = await failure(createNodeClient({ url, timeoutMs: 100 }).auth.me.query());
  expect(String(error)).toContain(`${url} did not respond within 0.1 seconds.`);
  expect(isUnreachable(error)).toBe(true);
});

test('a server that does not run is reported by address, and is not a sign-out', async () => {
  const url = await unusedAddress();
  const error = await failure(createNodeClient({ url }).auth.me.query());
  expect(String(error)).toContain(`Connection refused by ${url}. Is the server running?`);
  expect((error as Error).cause).toBeInstanceOf(ConnectionError);
  expect(isUnreachable(error)).toBe(true);
});

test('an HTML page of a different server is reported', async () => {
  const url = await tinyServer((_, response) => response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad gateway</h1>'));
  const error = await failure(createNodeClient({ url }).auth.me.query());
  expect(String(error)).toContain(`${url} is not a Gatehouse server (HTTP 502).`);
});
