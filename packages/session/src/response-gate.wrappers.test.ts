import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import http2 from 'node:http2';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { setImmediate as tick } from 'node:timers/promises';
import { createGzip } from 'node:zlib';
import compression from 'compression';
import express from 'express';
import onHeaders from 'on-headers';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { gateResponse } from './response-gate.ts';
import { listen, type RunningServer } from './test-support/http-server.ts';
import { plainRequest } from './test-support/plain-request.ts';
import { resetWarnings } from './warn-once.ts';

/**
 * The response to a refused save bypasses middleware that was mounted later and wraps the response. Such a wrapper has
 * already seen a response end, and keeps its headers, an encoder, or a flag that blocks a second response.
 */

let server: RunningServer | undefined;
let folder = '';
let file = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-gate-'));
  file = join(folder, 'page.html');
  const handle = await open(file, 'w');
  await handle.write('<p>saved</p>'.repeat(50_000));
  await handle.close();
});
afterEach(() => server?.close());
afterAll(() => rm(folder, { recursive: true, force: true }));

type Wrapper = express.RequestHandler;

const endOnce: Wrapper = (_req, res, next) => {
  let over = false;
  const { end } = res;
  Object.assign(res, {
    end(...args: unknown[]) {
      if (over) return res;
      over = true;
      return Reflect.apply(end, res, args);
    },
  });
  next();
};

/** Like a minifier or a script injector. */
const buffersWhole: Wrapper = (_req, res, next) => {
  const chunks: Buffer[] = [];
  const { end } = res;
  Object.assign(res, {
    write: (chunk: string | Buffer) => (chunks.push(Buffer.from(chunk)), true),
    end(chunk?: string | Buffer) {
      if (chunk) chunks.push(Buffer.from(chunk));
      const body = Buffer.concat(chunks.splice(0));
      res.setHeader('Content-Length', body.length);
      res.setHeader('ETag', '"whole"');
      return Reflect.apply(end, res, [body]);
    },
  });
  next();
};

const asksForHeaders: Wrapper = (_req, res, next) => {
  onHeaders(res, () => {
    res.setHeader('Content-Encoding', 'gzip');
  });
  next();
};

const jsonOnce: Wrapper = (_req, res, next) => {
  let over = false;
  const json = res.json.bind(res);
  res.json = (body) => (over ? res : ((over = true), json(body)));
  next();
};

const WRAPPERS: Record<string, readonly Wrapper[]> = {
  'no wrapper': [],
  compression: [compression({ threshold: 0 })],
  'a wrapper that calls end once': [endOnce],
  'a wrapper that buffers the body': [buffersWhole],
  'a wrapper that calls res.json once': [jsonOnce],
  'a listener that sets headers when they are sent': [asksForHeaders],
  'all together': [compression({ threshold: 0 }), endOnce, buffersWhole, jsonOnce],
};

const BODY = '<p>saved</p>'.repeat(500);
const ANSWERS: Record<string, express.RequestHandler> = {
  send: (_req, res) => void res.send(BODY),
  json: (_req, res) => void res.json({ saved: BODY }),
  sendFile: (_req, res) => res.sendFile(file),
  'write and end': (_req, res) => {
    res.writeHead(200, { 'Content-Type': 'text/html' });
    res.write(BODY);
    res.end(BODY);
  },
  'flushHeaders, then end': async (_req, res) => {
    res.type('html').flushHeaders();
    await tick();
    res.end(BODY);
  },
  'a piped file': (_req, res) => void createReadStream(file).pipe(res.type('html')),
  'a pipeline': async (_req, res) => {
    await pipeline(createReadStream(file), res.type('html')).catch(() => undefined);
  },
  '304': (_req, res) => void res.status(304).set('ETag', '"x"').end(),
  '204': (_req, res) => void res.status(204).end(),
  'a redirect': (_req, res) => res.redirect('/elsewhere'),
};

async function start(wrappers: readonly Wrapper[], answer: express.RequestHandler, save: () => Promise<void> = () => refuse()) {
  const app = express();
  app.use((_req, res, next) => {
    gateResponse(res, { before: save, onFailure: next });
    next();
  });
  app.use(...wrappers, (_req, _res, next) => next());
  app.all('/', answer);
  app.use(((_error, _req, res, next) =>
    res.headersSent ? next(_error) : void res.status(503).json({ error: 'not stored' })) as express.ErrorRequestHandler);
  server = await listen(app);
  return server.url;
}

const refuse = async (): Promise<never> => {
  await tick();
  throw new Error('not stored');
};

describe.each(Object.entries(WRAPPERS))('semantics 23, behind %s', (_name, wrappers) => {
  test.each(Object.entries(ANSWERS))('a refused save is the response: %s', async (_way, answer) => {
    const url = await start(wrappers, answer);
    const { status, headers, text } = await plainRequest(url, { headers: { 'accept-encoding': 'gzip' } });
    expect([status, text]).toEqual([503, '{"error":"not stored"}']);
    expect(headers).toMatchObject({ 'content-length': String(text.length), 'content-type': expect.stringContaining('json') });
    for (const gone of ['content-encoding', 'location', 'last-modified']) expect(headers[gone], gone).toBeUndefined();
    expect(headers.etag).not.toMatch(/"(x|whole)"/);
  });

  test('also for HEAD', async () => {
    const url = await start(wrappers, (_req, res) => void res.send(BODY));
    expect(await plainRequest(url, { method: 'HEAD' })).toMatchObject({ status: 503, text: '' });
  });

  test('a successful save changes nothing', async () => {
    const whole = await start(
      wrappers.filter((wrapper) => wrapper !== asksForHeaders),
      (_req, res) => void res.json({ saved: BODY }),
      () => tick(),
    );
    expect(await (await fetch(whole)).json()).toEqual({ saved: BODY });
  });
});

test('listeners for the end of the response, such as loggers, see the failure once', async () => {
  const seen: number[] = [];
  const url = await start([compression()], (_req, res) => {
    res.on('finish', () => seen.push(res.statusCode));
    res.send(BODY);
  });
  await plainRequest(url);
  await expect.poll(() => seen).toEqual([503]);
});

test('an event that is written and flushed during the save is sent after it, not with the next event', async () => {
  const app = express();
  // Mounted earlier, so that it compresses what the gate releases.
  app.use(compression({ threshold: 0 }), (_req, res) => {
    gateResponse(res, { before: () => tick(), onFailure: () => undefined });
    res.type('text/event-stream').write('data: first\n\n');
    res.flush();
  });
  server = await listen(app);
  // fetch decompresses. The response does not end.
  const { body } = await fetch(server.url, { headers: { 'accept-encoding': 'gzip' } });
  const first = await body?.getReader().read();
  expect(new TextDecoder().decode(first?.value)).toBe('data: first\n\n');
});

describe('streams when a save is refused', () => {
  /** How the source of a response ends. */
  async function ending(
    wrappers: readonly Wrapper[],
    source: () => Readable,
    send: (source: Readable, res: ServerResponse) => void,
  ): Promise<Readable> {
    let stream: Readable | undefined;
    const url = await start(wrappers, (_req, res) => {
      stream = source();
      send(stream, res.type('html'));
    });
    expect((await plainRequest(url, { headers: { 'accept-encoding': 'gzip' } })).status).toBe(503);
    await expect.poll(() => stream?.destroyed || stream?.readableEnded).toBe(true);
    return stream as Readable;
  }

  const endless = (): Readable =>
    Readable.from(
      (function* () {
        for (;;) yield BODY;
      })(),
    );
  const waiting = (): Readable => {
    const source = new Readable({ read: () => undefined });
    source.push(BODY);
    return source;
  };

  describe.each([
    ['plain', []],
    ['behind compression', [compression({ threshold: 0 })]],
  ] as const)('%s', (_name, wrappers) => {
    test.each([
      ['a file', () => createReadStream(file)],
      ['an endless source', endless],
      ['a source that stalls', waiting],
    ] as const)('%s is closed', async (_what, source) => {
      await ending(wrappers, source, (stream, res) => void stream.pipe(res));
    });

    test.each([
      ['a file', () => createReadStream(file)],
      ['an endless source', endless],
    ] as const)('%s in a pipeline is closed', async (_what, source) => {
      await ending(wrappers, source, (stream, res) => void pipeline(stream, res).catch(() => undefined));
    });

    test('a file behind a transform is read to its end, which closes it', async () => {
      await ending(
        wrappers,
        () => createReadStream(file),
        (stream, res) => void stream.pipe(createGzip()).pipe(res),
      );
      await ending(
        wrappers,
        () => createReadStream(file),
        (stream, res) => void stream.pipe(new PassThrough()).pipe(res),
      );
    });
  });

  test('a loop that waits for drain ends', async () => {
    const done = Promise.withResolvers<void>();
    const url = await start([], async (_req, res) => {
      for (let n = 0; n < 5; n++) if (!res.write(BODY)) await new Promise((resolve) => res.once('drain', resolve));
      res.end();
      done.resolve();
    });
    expect((await plainRequest(url)).status).toBe(503);
    await done.promise;
  });
});

describe('changes after the headers were sent', () => {
  async function answered(late: () => Promise<void> | undefined, handler: (req: IncomingMessage, res: ServerResponse) => void) {
    const failures: unknown[] = [];
    server = await listen((req, res) => {
      gateResponse(res, { before: () => undefined, late, onFailure: (error) => failures.push(error) });
      handler(req, res);
    });
    return { answer: plainRequest(server.url), failures };
  }

  test('are stored before the response ends', async () => {
    const log: string[] = [];
    const { answer } = await answered(
      async () => {
        await tick();
        log.push('stored');
      },
      (_req, res) => {
        res.write('a');
        res.end('b', () => log.push('ended'));
      },
    );
    expect((await answer).text).toBe('ab');
    expect(log).toEqual(['stored', 'ended']);
  });

  test('are stored before an HTTP/2 response ends, which writes its last chunk in its own end()', async () => {
    const modern = http2.createServer();
    onTestFinished(() => void modern.close());
    modern.on('request', (_req, res) => {
      const response = res as unknown as ServerResponse;
      gateResponse(response, { before: () => undefined, late: () => Promise.resolve(), onFailure: () => undefined });
      response.writeHead(201);
      response.end('whole');
    });
    await once(modern.listen(0, '127.0.0.1'), 'listening');
    const client = http2.connect(`http://127.0.0.1:${(modern.address() as AddressInfo).port}`);
    onTestFinished(() => client.close());
    expect(await text(client.request())).toBe('whole');
  });

  test('that cannot be stored abort the response, so that it does not look complete', async () => {
    const { answer, failures } = await answered(refuse, (_req, res) => {
      res.write('a');
      res.end('b');
    });
    await expect(answer).rejects.toThrow();
    expect(failures).toEqual([new Error('not stored')]);
  });

  test('are not checked if the response is sent at once', async () => {
    const late = vi.fn(() => undefined);
    const { answer } = await answered(late, (_req, res) => void res.end('whole'));
    await answer;
    expect(late).not.toHaveBeenCalled();
  });
});

test('an error handler that throws causes a 500, and no rejection that would end the process', async () => {
  const warnings = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
  resetWarnings();
  try {
    server = await listen((_req, res) => {
      gateResponse(res, {
        before: refuse,
        onFailure() {
          throw new Error('from the handler');
        },
      });
      res.end('body');
    });
    expect(await plainRequest(server.url)).toMatchObject({ status: 500, text: '' });
    expect(warnings).toHaveBeenCalledWith(expect.stringContaining('from the handler'), expect.anything());
  } finally {
    warnings.mockRestore();
  }
});
