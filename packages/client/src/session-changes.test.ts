import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SessionChange } from '@gatehouse/contract';
import { initTRPC, TRPCError } from '@trpc/server';
import { createHTTPHandler } from '@trpc/server/adapters/standalone';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { createClient } from './create-client.ts';
import { eventsIn } from './fetch-event-source.ts';
import { watchSession, type ConnectionState, type WatchedChange } from './session-changes.ts';

const WITHIN = { timeout: 20_000, interval: 5 };

// A server whose streams the test writes, in tRPC's own format.
const t = initTRPC.context<{ req: IncomingMessage }>().create({
  errorFormatter: ({ shape, error }) => ({ ...shape, data: { ...shape.data, reason: error.message } }),
});

let server: Server;
let url = '';
let requests: IncomingMessage[] = [];
let streams: { send(change: SessionChange): void; finish(): void }[] = [];
let refusal: TRPCError | undefined;
let isBroken = false;
/** Responses that are not finished. */
let open = 0;

const router = t.router({
  auth: t.router({
    changes: t.procedure.subscription(async function* ({ ctx, signal }) {
      requests.push(ctx.req);
      if (refusal) throw refusal;
      const waiting: (SessionChange | undefined)[] = [{ kind: 'ready' }];
      let wake = (): void => undefined;
      const add = (change: SessionChange | undefined): void => {
        waiting.push(change);
        wake();
      };
      streams.push({ send: add, finish: () => add(undefined) });
      signal?.addEventListener('abort', () => add(undefined));
      for (;;) {
        while (waiting.length > 0) {
          const change = waiting.shift();
          if (!change) return;
          yield change;
        }
        await new Promise<void>((resolve) => (wake = resolve));
      }
    }),
  }),
});

beforeEach(async () => {
  [requests, streams, refusal, isBroken] = [[], [], undefined, false];
  const handler = createHTTPHandler({ router, createContext: ({ req }) => ({ req }), basePath: '/trpc/' });
  server = createServer((req, res) => {
    open += 1;
    res.once('close', () => (open -= 1));
    if (isBroken) return void res.writeHead(502).end();
    return handler(req, res);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/trpc`;
});
afterEach(() => {
  server.close();
  server.closeAllConnections();
});

function watch(options: { userId?: string; shared?: boolean } = {}) {
  const events: WatchedChange[] = [];
  const states: ConnectionState[] = [];
  const stop = watchSession({
    client: createClient({ url }),
    onEvent: (change) => void events.push(change),
    onConnection: (state) => void states.push(state),
    ...options,
  });
  onTestFinished(stop);
  const said = (count: number, kind: WatchedChange['kind']): Promise<void> =>
    vi.waitFor(() => expect(events.filter((event) => event.kind === kind)).toHaveLength(count), WITHIN);
  return { events, states, stop, said };
}

test('it tells of changes, for the user of the page, and ends with the session', async () => {
  const { events, states, said } = watch({ userId: 'u1' });
  await said(1, 'ready');
  expect(requests[0]?.headers).toMatchObject({
    accept: 'text/event-stream',
    'x-gatehouse-user': 'u1',
    'x-requested-with': 'XMLHttpRequest',
  });
  for (const change of [{ kind: 'user' }, { kind: 'sessions' }, { kind: 'ended', reason: 'SESSION_EXPIRED' }] as const)
    streams[0]?.send(change);
  await said(1, 'ended');
  expect(events).toEqual([{ kind: 'ready' }, { kind: 'user' }, { kind: 'sessions' }, { kind: 'ended', reason: 'SESSION_EXPIRED' }]);
  expect(states).toEqual(['connecting', 'open']);
  await vi.waitFor(() => expect(open).toBe(0), WITHIN);
  expect(requests).toHaveLength(1);
});

test('it reconnects after a lost connection and a gateway’s error, and reports neither as an end', async () => {
  const { events, states, said } = watch();
  await said(1, 'ready');
  isBroken = true;
  server.closeAllConnections();
  await vi.waitFor(() => expect(states.at(-1)).toBe('connecting'), WITHIN);
  isBroken = false;
  await said(2, 'ready');
  expect(events).toEqual([{ kind: 'ready' }, { kind: 'ready' }]);
  expect(states.at(-1)).toBe('open');
});

test.each([
  ['UNAUTHORIZED', 'SESSION_ENDED', { kind: 'ended', reason: 'SESSION_ENDED' }],
  ['PRECONDITION_FAILED', 'USER_CHANGED', { kind: 'other-user' }],
] as const)('a refusal with %s, %s is the last event', async (code, reason, expected) => {
  refusal = new TRPCError({ code, message: reason });
  const { events } = watch({ userId: 'u1' });
  await vi.waitFor(() => expect(events).toEqual([expected]), WITHIN);
  await vi.waitFor(() => expect(open).toBe(0), WITHIN);
  expect(requests).toHaveLength(1);
});

test('stop closes the stream; nothing is told afterwards', async () => {
  const { events, stop, said } = watch();
  await said(1, 'ready');
  stop();
  streams[0]?.send({ kind: 'user' });
  await vi.waitFor(() => expect(open).toBe(0), WITHIN);
  expect(events).toEqual([{ kind: 'ready' }]);
});

test('tabs share one stream; the next tab takes over when the first is closed; all learn of the end', async () => {
  // Node has Web Locks and BroadcastChannel. Each call of watchSession is a tab.
  vi.stubGlobal('document', Object.assign(new EventTarget(), { visibilityState: 'visible' }));
  onTestFinished(() => void vi.unstubAllGlobals());
  const userId = crypto.randomUUID();
  const first = watch({ userId });
  await first.said(1, 'ready');
  const [second, third] = [watch({ userId }), watch({ userId })];
  await Promise.all([second.said(1, 'ready'), third.said(1, 'ready')]);
  streams[0]?.send({ kind: 'sessions' });
  await Promise.all([first, second, third].map((tab) => tab.said(1, 'sessions')));
  expect(requests).toHaveLength(1);

  first.stop();
  await Promise.all([second.said(2, 'ready'), third.said(2, 'ready')]);
  expect(requests).toHaveLength(2);
  expect(first.events.map(({ kind }) => kind)).toEqual(['ready', 'sessions']);
  streams[1]?.send({ kind: 'ended', reason: 'SESSION_ENDED' });
  await Promise.all([second.said(1, 'ended'), third.said(1, 'ended')]);
  await vi.waitFor(() => expect(open).toBe(0), WITHIN);
});

test('events are read as the standard says, however their bytes are split', async () => {
  const text = ': comment\n\nevent: a\ndata: ä\ndata:two\nid: 7\r\n\r\ndata\rdata: x\r\revent: unused\n\ndata: unfinished';
  const bytes = new TextEncoder().encode(text);
  for (let size = 1; size <= bytes.length; size += 1) {
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.slice(at, at + size));
        controller.close();
      },
    });
    const events = [];
    for await (const event of eventsIn(body)) events.push(event);
    expect(events).toEqual([
      { type: 'a', data: 'ä\ntwo', id: '7' },
      { type: 'message', data: '\nx', id: '7' },
    ]);
  }
});
