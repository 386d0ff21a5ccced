import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setImmediate, setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { gateResponse, type Gate } from './response-gate.ts';
import { listen, type RunningServer } from './test-support/http-server.ts';

let server: RunningServer | undefined;
afterEach(() => server?.close());

type Handler = (res: ServerResponse, req: IncomingMessage) => void | Promise<void>;

/** Sends one response through a gate, and returns what the client receives. */
async function answered(handler: Handler, gate: Partial<Gate>, path = '/'): Promise<Response> {
  server = await listen((req, res) => {
    gateResponse(res, { before: () => undefined, onFailure: (error) => answerFailure(res, error), ...gate });
    void Promise.resolve(handler(res, req)).catch((error: unknown) => res.destroy(error as Error));
  });
  return fetch(server.url + path);
}

function answerFailure(res: ServerResponse, error: unknown): void {
  res.statusCode = 503;
  res.setHeader('Content-Type', 'text/plain');
  res.end(`failed: ${(error as Error).message}`);
}

/** A save that takes a while and records when it is done. */
function slowSave(outcome: 'stored' | 'fails' = 'stored', ms = 30) {
  const log: string[] = [];
  const before = vi.fn(async () => {
    log.push('saving');
    await pause(ms);
    if (outcome === 'fails') throw new Error('disk');
    log.push('saved');
  });
  return { log, before };
}

/** Records when the headers are really sent. */
function watchHeaders(res: ServerResponse, log: string[]): void {
  const send = Reflect.get(res, '_storeHeader') as (...args: unknown[]) => unknown;
  Object.assign(res, {
    _storeHeader(...args: unknown[]) {
      log.push('headers');
      return Reflect.apply(send, res, args);
    },
  });
}

const WAYS: Record<string, Handler> = {
  'end with a body': (res) => void res.end('body'),
  'end alone': (res) => void res.end(),
  'write, then end': (res) => {
    res.write('bo');
    res.end('dy');
  },
  'writeHead first': (res) => void res.writeHead(200, { 'X-Late': 'yes' }).end('body'),
  'flushHeaders first': async (res) => {
    res.flushHeaders();
    await pause(1);
    res.end('body');
  },
  'a stream': (res) => pipeline(Readable.from(['b', 'o', 'd', 'y']), res),
};

describe.each(Object.entries(WAYS))('semantics 23: %s', (name, handler) => {
  test('is sent completely after the save', async () => {
    const { log, before } = slowSave();
    const response = await answered(
      (res, req) => {
        watchHeaders(res, log);
        return handler(res, req);
      },
      { before },
    );
    expect(await response.text()).toBe(name === 'end alone' ? '' : 'body');
    expect(log).toEqual(['saving', 'saved', 'headers']);
    expect(before).toHaveBeenCalledOnce();
    if (name.startsWith('writeHead')) expect(response.headers.get('x-late')).toBe('yes');
  });

  test('is dropped if the save fails, and the failure is sent instead', async () => {
    const { before } = slowSave('fails');
    const response = await answered(handler, { before });
    expect(response.status).toBe(503);
    expect(await response.text()).toBe('failed: disk');
    expect(response.headers.has('x-late')).toBe(false);
  });

  test('is sent at once if there is nothing to save', async () => {
    const response = await answered(handler, {});
    expect(await response.text()).toBe(name === 'end alone' ? '' : 'body');
  });
});

test('a large stream is held at its first chunk and continues when the gate opens', async () => {
  const { before } = slowSave();
  const piece = Buffer.alloc(64 * 1024, 'x');
  let made = 0;
  let madeWhileHeld = 0;
  const source = Readable.from(
    (async function* () {
      for (; made < 100; made++) yield piece;
    })(),
  );
  const response = await answered((res) => pipeline(source, res), {
    before: async () => {
      await before();
      madeWhileHeld = made;
    },
  });
  expect((await response.arrayBuffer()).byteLength).toBe(100 * piece.length);
  expect(madeWhileHeld).toBeLessThan(10);
});

test('a writer waiting for drain continues when the gate opens', async () => {
  const { before } = slowSave();
  const response = await answered(
    async (res) => {
      expect(res.write('a')).toBe(false);
      await once(res, 'drain');
      res.end('b');
    },
    { before },
  );
  expect(await response.text()).toBe('ab');
});

test('a writer waiting for drain continues when the save fails', async () => {
  const { before } = slowSave('fails');
  const goesOn = Promise.withResolvers<string>();
  const response = await answered(
    async (res) => {
      res.write('a');
      await once(res, 'drain');
      goesOn.resolve('on');
      res.end('b');
    },
    { before },
  );
  expect(await response.text()).toBe('failed: disk');
  expect(await goesOn.promise).toBe('on');
});

test('the save knows the status, also from writeHead', async () => {
  let status = 0;
  server = await listen((_req, res) => {
    gateResponse(res, { before: () => void (status = res.statusCode), onFailure: () => undefined });
    res.writeHead(404).end();
  });
  expect((await fetch(server.url)).status).toBe(404);
  expect(status).toBe(404);
});

test('a synchronous error of the save is a failure, and is not thrown to the writer', async () => {
  let thrown: unknown;
  const response = await answered(
    (res) => {
      try {
        res.end('body');
      } catch (error) {
        thrown = error;
      }
    },
    {
      before: () => {
        throw new Error('cannot be stored');
      },
    },
  );
  expect(await response.text()).toBe('failed: cannot be stored');
  expect(thrown).toBeUndefined();
});

test('the handler continues after the failure, and none of its output is sent', async () => {
  const { before } = slowSave('fails', 5);
  const finished = Promise.withResolvers<void>();
  const response = await answered(
    async (res) => {
      res.writeHead(200, { 'Content-Length': '4' });
      res.write('bo');
      await pause(30);
      res.write('dy');
      res.end('!');
      await setImmediate();
      finished.resolve();
    },
    { before },
  );
  expect(response.status).toBe(503);
  expect(await response.text()).toBe('failed: disk');
  await finished.promise;
});

test('a handler that ends before the failure is sent cannot turn it into a success', async () => {
  const { before } = slowSave('fails', 5);
  const response = await answered(
    async (res) => {
      res.write('signed in');
      await pause(20);
      res.end(', really');
    },
    { before, onFailure: () => undefined },
  );
  expect(response.status).toBe(500);
});

test('callbacks of dropped writes are called', async () => {
  const { before } = slowSave('fails', 5);
  const called: string[] = [];
  const response = await answered(
    async (res) => {
      res.write('a', () => called.push('write'));
      res.end('b', () => called.push('end'));
    },
    { before },
  );
  await response.text();
  await vi.waitFor(() => expect(called.sort()).toEqual(['end', 'write']), { timeout: 20_000 });
});

test('headers of the dropped body are removed, and those of the response stay', async () => {
  const { before } = slowSave('fails', 5);
  const response = await answered(
    (res) => {
      res.setHeader('Content-Disposition', 'attachment');
      res.setHeader('Content-Security-Policy', "default-src 'none'");
      res.setHeader('ETag', '"x"');
      res.setHeader('Last-Modified', 'Tue, 01 Jan 2030 00:00:00 GMT');
      res.setHeader('Cache-Control', 'public, max-age=600');
      res.setHeader('Location', '/welcome');
      res.setHeader('X-Request-Id', 'r1');
      res.setHeader('Content-Length', '4');
      res.end('body');
    },
    { before },
  );
  expect(await response.text()).toBe('failed: disk');
  for (const gone of ['content-disposition', 'etag', 'last-modified', 'cache-control', 'location'])
    expect(response.headers.has(gone), gone).toBe(false);
  expect(response.headers.get('x-request-id')).toBe('r1');
  expect(response.headers.get('content-security-policy')).toBe("default-src 'none'");
});

describe('a complete response that is held', () => {
  test('is sent, whatever is written after it', async () => {
    const { before } = slowSave();
    const response = await answered(
      (res) => {
        res.setHeader('Content-Type', 'text/plain');
        res.setHeader('Content-Length', '5');
        res.setHeader('X-Mine', 'first');
        res.end('first');
        expect(res.headersSent).toBe(false);
        res.statusCode = 500;
        res.statusMessage = 'Oh no';
        res.setHeader('Content-Length', '21');
        res.setHeader('Content-Type', 'text/html');
        res.setHeader('X-Theirs', 'second');
        res.removeHeader('X-Mine');
        res.end('something went wrong!');
      },
      { before },
    );
    expect([response.status, response.statusText]).toEqual([200, 'OK']);
    expect(await response.text()).toBe('first');
    expect(response.headers.get('content-type')).toBe('text/plain');
    expect(response.headers.get('x-mine')).toBe('first');
    expect(response.headers.has('x-theirs')).toBe(false);
  });
});

describe('a partial response that is held', () => {
  test('counts as sent, so that an error handler adds no second response', async () => {
    const { before } = slowSave();
    const seen: boolean[] = [];
    const response = await answered(
      async (res) => {
        seen.push(res.headersSent);
        res.write('half');
        seen.push(res.headersSent);
        await pause(60);
        seen.push(res.headersSent);
        res.end('!');
      },
      { before },
    );
    expect(await response.text()).toBe('half!');
    expect(seen).toEqual([false, true, true]);
  });
});

test('middleware that wraps the response later stays in place', async () => {
  const { before } = slowSave();
  const response = await answered(
    async (res) => {
      const { write, end } = res;
      // Like a compressor, it sends something else than the handler writes.
      Object.assign(res, {
        write: (text: string) => Reflect.apply(write, res, [text.toUpperCase()]),
        end: (text: string) => Reflect.apply(end, res, [text.toUpperCase()]),
      });
      res.write('held, ');
      await pause(60);
      res.write('then open, ');
      res.end('to the end');
    },
    { before },
  );
  expect(await response.text()).toBe('HELD, THEN OPEN, TO THE END');
});

test('a client that disconnects causes no error', async () => {
  const { before, log } = slowSave('stored', 50);
  const controller = new AbortController();
  server = await listen((_req, res) => {
    gateResponse(res, { before, onFailure: (error) => answerFailure(res, error) });
    res.write('a');
    res.end('b');
    controller.abort();
  });
  await expect(fetch(server.url, { signal: controller.signal })).rejects.toThrow('aborted');
  await vi.waitFor(() => expect(log).toContain('saved'), { timeout: 20_000 });
});

test('held writes that turn out to be invalid are a failure too', async () => {
  const { before } = slowSave('stored', 5);
  const response = await answered((res) => void res.writeHead(99999).end('body'), { before });
  expect(response.status).toBe(503);
});
