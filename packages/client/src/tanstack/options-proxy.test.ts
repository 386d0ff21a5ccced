import { gatehouseRouter, mergeRouters, protectedProcedure, router } from '@gatehouse/api';
import { QueryObserver } from '@tanstack/react-query';
import { createTRPCQueryUtils, getQueryKey } from '@trpc/react-query';
import { afterEach, expect, expectTypeOf, test, vi } from 'vitest';
import { trpc as hooks } from '../react/trpc.ts';
import { createGatehouse, createTRPCOptionsProxy, type Gatehouse } from './index.ts';

const own = mergeRouters(gatehouseRouter, router({ greet: protectedProcedure.query(({ ctx }) => `Hello ${ctx.user.name}`) }));
type OwnRouter = typeof own;

const refused = { error: { message: '', code: -32001, data: { code: 'UNAUTHORIZED', httpStatus: 401, reason: 'SESSION_ENDED' } } };

const open: Pick<Gatehouse, 'close'>[] = [];
afterEach(() => {
  for (const gatehouse of open.splice(0)) gatehouse.close();
});

/** A tab of an app with its own router. Every call gets the result of `answer`. */
function ownApp(answer: () => object) {
  const calls: string[] = [];
  const onSignedOut = vi.fn<(reason: string | undefined) => void>();
  const gatehouse = createGatehouse<OwnRouter>({
    url: 'http://gatehouse.invalid/trpc',
    onSignedOut,
    fetch: (url) => {
      const { pathname, searchParams } = new URL(new Request(url).url);
      const names = pathname.replace('/trpc/', '').split(',');
      calls.push(...names);
      return Promise.resolve(Response.json(searchParams.has('batch') ? names.map(answer) : answer()));
    },
  });
  open.push(gatehouse);
  return { gatehouse, trpc: createTRPCOptionsProxy(gatehouse), calls, onSignedOut };
}

test('a loader gets data of an own router, which a query on screen then has without a second call', async () => {
  const { gatehouse, trpc, calls } = ownApp(() => ({ result: { data: 'Hello Ada' } }));
  const greeting = await gatehouse.queryClient.ensureQueryData(trpc.greet.queryOptions());
  expectTypeOf(greeting).toBeString();
  expect(greeting).toBe('Hello Ada');
  const onScreen = new QueryObserver(gatehouse.queryClient, trpc.greet.queryOptions());
  const close = onScreen.subscribe(() => {});
  expect(onScreen.getCurrentResult().data).toBe('Hello Ada');
  close();
  expect(calls).toEqual(['greet']);
});

test('a refused call of an own procedure is a sign-out, and empties the data of all procedures', async () => {
  let answer: object = { result: { data: 'Hello Ada' } };
  const { gatehouse, trpc, onSignedOut } = ownApp(() => answer);
  await gatehouse.queryClient.ensureQueryData(trpc.account.recentActivity.queryOptions());
  answer = refused;
  await gatehouse.queryClient.fetchQuery(trpc.greet.queryOptions()).catch(() => undefined);
  expect(onSignedOut.mock.calls).toEqual([['SESSION_ENDED']]);
  expect(gatehouse.queryClient.getQueryData(trpc.account.recentActivity.queryKey())).toBeUndefined();
});

test('option proxies, hooks and Gatehouse share the data of one procedure', () => {
  const { gatehouse, trpc } = ownApp(() => refused);
  expect(trpc.auth.me.queryKey()).toEqual(getQueryKey(hooks.auth.me, undefined, 'query'));
  const me = { user: { id: 'u1' } } as never;
  gatehouse.queryClient.setQueryData(trpc.auth.me.queryKey(), me);
  const utils = createTRPCQueryUtils<OwnRouter>({ queryClient: gatehouse.queryClient, client: gatehouse.trpcClient });
  expect(utils.auth.me.getData()).toBe(me);
  gatehouse.onLogout();
  expect(gatehouse.queryClient.getQueryData(trpc.auth.me.queryKey())).toBeUndefined();
});

test('a Gatehouse has one proxy, so that components do not render again', () => {
  const { gatehouse, trpc } = ownApp(() => refused);
  expect(createTRPCOptionsProxy(gatehouse)).toBe(trpc);
});
