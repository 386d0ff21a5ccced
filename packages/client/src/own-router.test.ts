import { gatehouseRouter, mergeRouters, protectedProcedure, router } from '@gatehouse/api';
import { expect, expectTypeOf, test } from 'vitest';
import { createClient } from './create-client.ts';

const own = mergeRouters(gatehouseRouter, router({ greet: protectedProcedure.query(({ ctx }) => `Hello ${ctx.user.name}`) }));

test('a client for an own router has its procedures and ours, by type', async () => {
  const asked: string[] = [];
  const client = createClient<typeof own>({
    url: 'https://app.test/api',
    fetch: (input) => {
      asked.push(new Request(input).url);
      return Promise.resolve(Response.json([{ result: { data: 'Hello Ada' } }]));
    },
  });
  expectTypeOf(client.greet.query).returns.resolves.toBeString();
  expectTypeOf(client.auth.logout.mutate).toBeFunction();
  expect(await client.greet.query()).toBe('Hello Ada');
  expect(asked).toEqual([expect.stringContaining('https://app.test/api/greet?')]);
});
