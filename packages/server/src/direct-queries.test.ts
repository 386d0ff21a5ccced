import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Context } from '@gatehouse/api';
import { createTRPCClient, httpBatchLink, httpLink } from '@trpc/client';
import { initTRPC, TRPCError, type AnyTRPCQueryProcedure } from '@trpc/server';
import express from 'express';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { trpcHttp } from './trpc-http.ts';

// A transformer and an error formatter, because the direct call has to apply both.
const transformer = {
  serialize: (value: unknown) => ({ wrapped: value }),
  deserialize: (value: { wrapped?: unknown } | null) => value?.wrapped,
};
const t = initTRPC
  .context<{ user: string }>()
  .meta<{ label: string }>()
  .create({
    transformer,
    errorFormatter: ({ shape, error, path, input, ctx, type }) => ({
      ...shape,
      data: { ...shape.data, stack: undefined, cause: error.cause?.message, path, input, user: ctx?.user, type },
    }),
  });
const { procedure } = t;

const aroundAll = procedure.meta({ label: 'labelled' }).use(async ({ ctx, meta, next }) => {
  const result = await next({ ctx: { user: `${ctx.user} and ${meta?.label}`, list: ['first'] } });
  return result.ok ? { ...result, data: { from: 'middleware', data: result.data } } : result;
});

/** What an instrumentation does to a procedure. */
function wrapped<Procedure extends (...args: never[]) => Promise<unknown>>(inner: Procedure): Procedure {
  const around = async (...args: Parameters<Procedure>) => `around ${String(await inner(...args))}`;
  return Object.assign(around, inner) as Procedure;
}

const router = t.router({
  hello: procedure.query(({ ctx }) => `Hello ${ctx.user}`),
  echo: procedure.input(z.object({ text: z.string() })).query(({ input }) => input),
  optional: procedure.input(z.string().optional()).query(({ input }) => input ?? null),
  nothing: procedure.query(() => undefined),
  date: procedure.query(() => ({ at: new Date(0), list: [1, null, 'ä'] })),
  missing: procedure.query((): string => {
    throw new TRPCError({ code: 'NOT_FOUND', message: 'No such thing.', cause: new Error('why') });
  }),
  broken: procedure.query(() => {
    throw new Error('broken');
  }),
  promise: procedure.query(() => ({ value: Promise.resolve(1) })),
  stream: procedure.query(async function* () {
    yield 1;
  }),
  write: procedure.mutation(() => 'written'),
  middlewares: aroundAll.use(({ ctx, next }) => next({ ctx: { list: [...ctx.list, 'second'] } })).query(({ ctx }) => ctx),
  untouched: procedure.use(({ next }) => next()).query(({ ctx }) => ctx),
  inputs: procedure
    .input(z.object({ text: z.string() }))
    .use(({ input, getRawInput, next }) => next({ ctx: { seen: input, raw: getRawInput() } }))
    .input(z.object({ more: z.number().default(1) }))
    .query(async ({ input, ctx }) => ({ input, seen: ctx.seen, raw: await ctx.raw })),
  otherInput: procedure
    .use(({ next }) => next({ getRawInput: async () => ({ text: 'replaced' }) }))
    .input(z.object({ text: z.string() }))
    .query(({ input }) => input),
  output: procedure.output(z.object({ kept: z.string() })).query(() => ({ kept: 'a', removed: 'b' })),
  wrongOutput: procedure.output(z.string()).query(() => 1 as unknown as string),
  refusing: aroundAll
    .use(() => {
      throw new TRPCError({ code: 'FORBIDDEN', message: 'Not you.' });
    })
    .query(() => 'never'),
  later: aroundAll
    .use(async ({ next }) => {
      await next();
      throw new Error('later');
    })
    .query(() => 'lost'),
  twice: procedure.use(async ({ next }) => ((await next()).ok ? next({ ctx: { user: 'again' } }) : next())).query(({ ctx }) => ctx.user),
  noResult: procedure.use((async () => undefined) as never).query(() => 'never'),
  ownCaller: procedure
    .experimental_caller(async ({ args, invoke }) => ({ called: await invoke(args[0] as Parameters<typeof invoke>[0]) }))
    .query(() => 'inner') as unknown as AnyTRPCQueryProcedure,
  wrapped: wrapped(procedure.query(() => 'inner')),
  nested: t.router({ deep: t.router({ hello: procedure.query(() => 'deep') }) }),
});

let server: Server;
let base = '';
let errors: string[] = [];

beforeAll(async () => {
  const handler = trpcHttp({
    router,
    createContext(req) {
      if (req.headers['x-no-context'] !== undefined) throw new TRPCError({ code: 'SERVICE_UNAVAILABLE', message: 'No context.' });
      return { user: 'ada' } as unknown as Context;
    },
    refusal: (req) => (req.headers['x-refused'] === undefined ? undefined : new TRPCError({ code: 'FORBIDDEN', message: 'Refused.' })),
    onError: ({ error, path }) => void errors.push(`${path} ${error.code} ${error.message}`),
  });
  server = express().use('/trpc', handler).listen(0, '127.0.0.1');
  await once(server, 'listening');
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/trpc`;
});
afterAll(() => void server.close());

async function send(path: string, init: RequestInit) {
  errors = [];
  const response = await fetch(`${base}/${path}`, init);
  const headers = Object.fromEntries(
    ['content-type', 'content-length', 'vary', 'cache-control'].map((name) => [name, response.headers.get(name)]),
  );
  return { status: response.status, headers, body: await response.text(), errors: errors.toSorted() };
}

const input = (value: unknown): string => `input=${encodeURIComponent(JSON.stringify(value))}`;

describe('a direct call answers as tRPC does', () => {
  test.for([
    'hello',
    'hello?',
    'hello?input=',
    'hello?input=%7B',
    'hello?input=null',
    'hello?batch=1',
    'hello?batch=1&input=%7B%7D',
    'hello?batch=1&input=%7B',
    'hello?batch=1&input=%5B%5D',
    'hello?batch=2',
    'hello?connectionParams=%7B%7D',
    'nested.deep.hello',
    'nested.deep',
    'nothing',
    'nothing?batch=1',
    'date',
    'missing',
    'missing?batch=1',
    'broken',
    `echo?${input({ wrapped: { text: 'ä' } })}`,
    `echo?${input({ wrapped: { text: 1 } })}`,
    'echo',
    `optional?${input({ wrapped: 'x' })}`,
    `hello,echo,missing?batch=1&${input({ 1: { wrapped: { text: 'b' } } })}`,
    `missing,missing?batch=1`,
    `optional,optional?batch=1&${input({ 0: { wrapped: 'a' }, 1: null })}`,
    'hello,write?batch=1',
    'hello,unknown?batch=1',
    'hello,?batch=1',
    `${'hello,'.repeat(200)}hello?batch=1`,
    'hello,hello',
    'hel%6Co',
    'hello%2Cdate?batch=1',
    'unknown',
    'toString',
    '__proto__',
    'constructor?batch=1',
    'write',
    'promise?batch=1',
    'stream?batch=1',
    'middlewares',
    'untouched',
    `inputs?${input({ wrapped: { text: 'a' } })}`,
    `inputs?${input({ wrapped: { text: 'a', more: 2 } })}`,
    `inputs?${input({ wrapped: { text: 'a', more: 'b' } })}`,
    'otherInput',
    'output',
    'wrongOutput',
    'refusing',
    'later',
    'twice',
    'noResult',
    'ownCaller',
    'wrapped',
  ])('GET %s', async (path) => {
    for (const extra of [
      {},
      { 'x-no-context': '1' },
      { 'x-refused': '1' },
      { 'content-type': 'application/json' },
      { 'content-type': 'text/plain' },
    ])
      // The second request has a header that leaves it to tRPC's HTTP layer.
      expect(await send(path, { headers: extra })).toEqual(await send(path, { headers: { ...extra, 'trpc-accept': 'application/json' } }));
  });

  test.for(['hello', 'write', 'date?batch=1'])('POST and HEAD %s', async (path) => {
    for (const method of ['POST', 'HEAD', 'PUT'])
      expect(await send(path, { method })).toEqual(await send(path, { method, headers: { 'trpc-accept': 'application/json' } }));
  });
});

test.for([
  ['httpLink', httpLink],
  ['httpBatchLink', httpBatchLink],
] as const)('tRPC’s own client with %s', async ([, link]) => {
  const client = createTRPCClient<typeof router>({
    links: [link({ url: base, transformer: { input: transformer, output: transformer } })],
  });
  const [hello, echo, date, missing] = await Promise.all([
    client.hello.query(),
    client.echo.query({ text: 'ä' }),
    client.date.query(),
    client.missing.query().catch((error: unknown) => error),
  ]);
  expect({ hello, echo, date }).toEqual({
    hello: 'Hello ada',
    echo: { text: 'ä' },
    date: { at: new Date(0).toJSON(), list: [1, null, 'ä'] },
  });
  expect(missing).toMatchObject({ message: 'No such thing.', data: { code: 'NOT_FOUND', cause: 'why', path: 'missing' } });
});
