import { MAX_BODY_BYTES } from '@gatehouse/contract';
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasNginx, startNginx, type Nginx } from '../test-support/nginx.ts';
import { runApp, type RunningApp } from '../test-support/running-app.ts';
import { AJAX } from '../test-support/visitor.ts';
import { MAX_READ_BYTES } from '@gatehouse/server/host';

/** A response that is sent without reading the request body. */
interface EarlyAnswer {
  readonly status: number;
  readonly method?: string;
  readonly path?: string;
  readonly type?: string;
  /** In bytes. */
  readonly size: number;
}

const WITHIN = MAX_BODY_BYTES - 1;
/** The default body limit of nginx. */
const ONE_MIB = 1024 * 1024;

const EARLY_ANSWERS: readonly EarlyAnswer[] = [
  { status: 413, size: MAX_BODY_BYTES + 1 },
  { status: 413, size: ONE_MIB },
  { status: 413, size: ONE_MIB, path: '/no-such-page' },
  { status: 400, size: WITHIN },
  { status: 400, size: WITHIN, path: '/trpc/auth.login,auth.login?batch=1' },
  { status: 404, size: WITHIN, path: '/trpc/no.such' },
  { status: 404, size: WITHIN, path: '/no-such-page' },
  { status: 405, size: WITHIN, method: 'PUT' },
  { status: 415, size: WITHIN, type: 'text/plain' },
];

const title = ({ status, method = 'POST', path = '/trpc/auth.login', type = 'application/json', size }: EarlyAnswer): string =>
  `${status} to ${method} ${path} with ${size} bytes of ${type}`;

let app: RunningApp;
beforeAll(async () => {
  app = await runApp();
});
afterAll(() => app.close());

/** Sends the whole body before it reads the response. */
async function sendAll({ method = 'POST', path = '/trpc/auth.login', type = 'application/json', size }: EarlyAnswer, framing: string) {
  const chunked = framing.includes('chunked');
  const socket = connect(Number(new URL(app.url).port), '127.0.0.1').pause();
  const failed = new Promise<never>((_, reject) => void socket.on('error', reject));
  const head = `${method} ${path} HTTP/1.1\r\nHost: x\r\nX-Requested-With: XMLHttpRequest\r\nContent-Type: ${type}\r\n${framing}`;
  const body = chunked ? `${size.toString(16)}\r\n${' '.repeat(size)}\r\n0\r\n\r\n` : ' '.repeat(size);
  const sent = new Promise((resolve) => socket.write(`${head}${chunked ? '' : `Content-Length: ${size}\r\n`}\r\n${body}`, resolve));
  await Promise.race([sent, failed]);
  let text = '';
  socket
    .setEncoding('latin1')
    .on('data', (chunk: string) => (text += chunk))
    .resume();
  await Promise.race([once(socket, 'end'), failed]);
  socket.destroy();
  return text.replace(/^HTTP\/1\.1 100 Continue\r\n\r\n/, '');
}

describe('security 33: a response reaches a client that is still sending its body', () => {
  test.each(
    EARLY_ANSWERS.flatMap((answer) =>
      ['', 'Transfer-Encoding: chunked\r\n', 'Expect: 100-continue\r\n'].map((framing) => ({
        name: `${title(answer)} ${framing.trim()}`,
        answer,
        framing,
      })),
    ),
  )('$name', async ({ answer, framing }) => {
    const text = await sendAll(answer, `Connection: close\r\n${framing}`);
    expect(text).toMatch(new RegExp(`^HTTP/1.1 ${answer.status} `));
    expect(text).toMatch(/^content-type: application\/json/im);
    JSON.parse(text.slice(text.indexOf('\r\n\r\n') + 4));
  });

  test('a connection that is kept alive can be used again', async () => {
    const socket = connect(Number(new URL(app.url).port), '127.0.0.1');
    const size = ONE_MIB;
    socket.write(
      `POST /trpc/auth.login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${size}\r\n\r\n${' '.repeat(size)}`,
    );
    socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    let text = '';
    socket.setEncoding('latin1').on('data', (chunk: string) => (text += chunk));
    await once(socket, 'close');
    expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 413', 'HTTP/1.1 200']);
  });

  test('a client with `Expect: 100-continue` and a body that is too large gets 413, not 100', async () => {
    const socket = connect(Number(new URL(app.url).port), '127.0.0.1');
    socket.write(
      `POST /trpc/auth.login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${MAX_READ_BYTES + 1}\r\nExpect: 100-continue\r\n\r\n`,
    );
    let text = '';
    socket.setEncoding('latin1').on('data', (chunk: string) => (text += chunk));
    await once(socket, 'close');
    expect(text).toMatch(/^HTTP\/1\.1 413 /);
  });
});

describe.skipIf(!hasNginx())('security 33: a response reaches a client behind nginx, which would answer 502 if it were lost', () => {
  const WAYS = {
    'as it comes': '',
    'with kept connections': 'proxy_http_version 1.1; proxy_set_header Connection "";',
    'with bodies passed on as they come': 'proxy_http_version 1.1; proxy_set_header Connection "close"; proxy_request_buffering off;',
  };
  let nginx: Nginx;
  beforeAll(async () => {
    nginx = await startNginx(app.url, Object.values(WAYS));
  });
  afterAll(() => nginx[Symbol.asyncDispose]());

  test.each(Object.keys(WAYS).flatMap((way) => EARLY_ANSWERS.map((answer) => ({ name: `${title(answer)}, nginx ${way}`, way, answer }))))(
    '$name',
    async ({ way, answer: { status, method = 'POST', path = '/trpc/auth.login', type = 'application/json', size } }) => {
      const url = nginx.urls[Object.keys(WAYS).indexOf(way)];
      const ask = () => fetch(`${url}${path}`, { method, headers: { 'content-type': type, ...AJAX }, body: ' '.repeat(size) });
      const answers = await Promise.all(Array.from({ length: 5 }, ask));
      expect(answers.map((answer) => answer.status)).toEqual(answers.map(() => status));
      for (const answer of answers) {
        expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
        await answer.json();
      }
    },
  );
});

describe('errors before the router, and errors of a whole call, are JSON', () => {
  const ELEVEN = Array.from({ length: 11 }, () => 'auth.presence').join(',');

  test.each<[string, number, string, { method?: string; body?: string; headers?: Record<string, string> }]>([
    ['a batch of more calls than it may have', 400, `/trpc/${ELEVEN}?batch=1`, {}],
    ['the same, sent', 400, `/trpc/${ELEVEN}?batch=1`, { method: 'POST', body: '{}' }],
    ['a body that is no JSON', 400, '/trpc/auth.login', { method: 'POST', body: '{', headers: AJAX }],
    ['a path that cannot be decoded', 400, '/trpc/%E0%A4%A', {}],
    ['no procedure', 404, '/trpc/', {}],
    ['a method that no call has', 405, '/trpc/auth.login', { method: 'PUT' }],
    [
      'another type',
      415,
      '/trpc/auth.login',
      { method: 'POST', body: 'a=b', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
    ],
    ['a body over the limit', 413, '/trpc/auth.login', { method: 'POST', body: ' '.repeat(MAX_BODY_BYTES + 1) }],
  ])('%s: %i', async (_, status, path, init) => {
    // The headers of a browser navigation.
    const headers = { 'content-type': 'application/json', accept: 'text/html', 'sec-fetch-mode': 'navigate', ...init.headers };
    const answer = await fetch(app.url + path, { ...init, headers });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json(; charset=utf-8)?$/);
    const body = (await answer.json()) as { error: unknown } | [{ error: unknown }];
    expect((Array.isArray(body) ? body[0] : body).error).toMatchObject({
      code: expect.any(Number),
      message: expect.any(String),
      data: { httpStatus: status },
    });
  });
});
