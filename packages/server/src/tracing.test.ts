import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { context, propagation, trace } from '@opentelemetry/api';
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import express from 'express';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { traceIdsOf } from './host.ts';
import { createTestGatehouse, TEST_PASSWORD } from './testing/index.ts';
import { openTracing } from './tracing.ts';

afterEach(() => {
  trace.disable();
  context.disable();
  propagation.disable();
});

function registerSdk() {
  const exporter = new InMemorySpanExporter();
  const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  provider.register();
  onTestFinished(() => provider.shutdown());
  const named = (name: string) => exporter.getFinishedSpans().filter((span) => span.name === name);
  return { exporter, named };
}

async function start() {
  const lines: Record<string, unknown>[] = [];
  const log = (fields: object): void => void lines.push({ ...fields });
  const gatehouse = await createTestGatehouse({ accounts: [{ username: 'ada' }], logger: { error: log, warn: log, info: log } });
  onTestFinished(() => gatehouse.close());
  const app = express();
  const ids: unknown[] = [];
  app.use((req, res, next) => {
    res.once('close', () => ids.push(traceIdsOf(req)));
    next();
  });
  app.use(gatehouse.sessions);
  app.use('/trpc', gatehouse.trpc());
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => server.close().closeAllConnections());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  async function call(path: string, { body, headers = {} }: { body?: object; headers?: Record<string, string> } = {}) {
    const response = await fetch(url + path, {
      method: body ? 'POST' : 'GET',
      headers: { 'content-type': 'application/json', 'x-requested-with': 'XMLHttpRequest', ...headers },
      ...(body && { body: JSON.stringify(body) }),
    });
    await response.text();
    return { status: response.status, cookie: response.headers.getSetCookie()[0]?.split(';', 1)[0] ?? '' };
  }
  return { call, lines, ids };
}

const CREDENTIALS = { identifier: 'ada', password: TEST_PASSWORD };

test('a request has a span, with its procedures in it, and in those the operations of the engine; the log has the ids', async () => {
  const { exporter, named } = registerSdk();
  const { call, lines, ids } = await start();
  const { cookie } = await call('/trpc/auth.login', { body: CREDENTIALS });
  const traceId = 'a'.repeat(32);
  const headers = { cookie, traceparent: `00-${traceId}-${'b'.repeat(16)}-01` };
  expect((await call('/trpc/auth.me,auth.presence?batch=1', { headers })).status).toBe(200);
  await vi.waitFor(() => expect(exporter.getFinishedSpans().filter(({ name }) => name === 'GET' || name === 'POST')).toHaveLength(2));

  const [login] = named('auth.login');
  const [created] = named('engine.create');
  const [request, batch] = exporter.getFinishedSpans().filter(({ name }) => name === 'GET' || name === 'POST');
  expect(created?.parentSpanContext?.spanId).toBe(login?.spanContext().spanId);
  expect(login?.parentSpanContext?.spanId).toBe(request?.spanContext().spanId);
  expect(request?.attributes).toEqual({
    'http.request.method': 'POST',
    'url.path': '/trpc/auth.login',
    'http.response.status_code': 200,
  });
  // The spans belong to the trace of the caller.
  expect(batch?.parentSpanContext?.spanId).toBe('b'.repeat(16));
  for (const name of ['auth.me', 'auth.presence']) expect(named(name)[0]?.parentSpanContext?.spanId).toBe(batch?.spanContext().spanId);
  expect(named('engine.load').at(-1)?.spanContext().traceId).toBe(traceId);

  expect(lines.find(({ event }) => event === 'signed_in')).toMatchObject({
    trace_id: request?.spanContext().traceId,
    span_id: expect.stringMatching(/^[0-9a-f]{16}$/),
  });
  expect(ids).toEqual([
    { trace_id: request?.spanContext().traceId, span_id: request?.spanContext().spanId },
    { trace_id: traceId, span_id: batch?.spanContext().spanId },
  ]);
  const text = JSON.stringify(exporter.getFinishedSpans().map(({ name, attributes, events }) => [name, attributes, events]));
  for (const secret of ['ada', TEST_PASSWORD, cookie, 'ses_']) expect(text).not.toContain(secret);
});

test('a refusal is no error of the server; an instrumentation of the app keeps its own span of the request', async () => {
  const { exporter, named } = registerSdk();
  const { call } = await start();
  expect((await call('/trpc/auth.me')).status).toBe(401);
  await vi.waitFor(() => expect(named('auth.me')).toHaveLength(1));
  expect(named('auth.me')[0]).toMatchObject({ status: { code: 0 }, attributes: { 'error.type': 'UNAUTHORIZED' } });

  exporter.reset();
  const tracing = openTracing();
  const req = { method: 'GET', headers: {}, originalUrl: '/', baseUrl: '' } as never;
  trace.getTracer('app').startActiveSpan('theirs', (span) => {
    tracing.request(() => expect(trace.getActiveSpan()).toBe(span))(req, {} as never, () => undefined);
    expect(traceIdsOf(req)?.span_id).toBe(span.spanContext().spanId);
    span.end();
  });
  expect(exporter.getFinishedSpans().map(({ name }) => name)).toEqual(['theirs']);
});

test('a logger keeps its `this`, and a method that it replaces later', () => {
  registerSdk();
  const lines: object[] = [];
  class Lines {
    write(fields: object): void {
      lines.push(fields);
    }
    error(fields: object): void {
      this.write(fields);
    }
    warn(fields: object): void {
      this.write(fields);
    }
    info(_fields: object): void {}
  }
  const own = new Lines();
  const logger = openTracing().logger(own);
  logger.error({ line: 1 }, '');
  logger.info({ line: 2 }, '');
  own.info = (fields) => own.write(fields);
  logger.info({ line: 3 }, '');
  expect(lines).toEqual([{ line: 1 }, { line: 3 }]);
});

test('without an SDK nothing is wrapped', () => {
  const tracing = openTracing();
  const same = { any: 'thing' } as never;
  for (const wrap of [tracing.request, tracing.router, tracing.engine, tracing.logger]) expect(wrap(same)).toBe(same);
});
