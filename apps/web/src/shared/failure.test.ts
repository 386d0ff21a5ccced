import { createClient } from '@gatehouse/client';
import { expect, test } from 'vitest';
import { describeFailure } from './failure.ts';

/** The error of a call with this response. */
const failing = (answer: () => Response): Promise<unknown> =>
  createClient({ url: 'http://gatehouse.invalid/trpc', fetch: () => Promise.resolve().then(answer) })
    .auth.me.query()
    .catch((error: unknown) => error);

test('a reason gives its message from the table and the request id', async () => {
  const data = { code: 'INTERNAL_SERVER_ERROR', httpStatus: 500, reason: 'INTERNAL', requestId: 'req_1' };
  const error = await failing(() =>
    Response.json([{ error: { message: 'SQLITE_BUSY at /srv/app', code: -32603, data } }], { status: 500 }),
  );
  expect(describeFailure(error)).toEqual({ message: 'Something went wrong.', requestId: 'req_1' });
});

test.each([
  [
    'a network error',
    () => {
      throw new TypeError('Failed to fetch');
    },
  ],
  ['a proxy’s error page', () => new Response('<h1>Bad gateway</h1>', { status: 502 })],
])('%s is described as a connection problem', async (_name, answer) => {
  expect(describeFailure(await failing(answer)).message).toBe('Gatehouse is not responding. Try again shortly.');
});

test('the text of an error is never shown', () => {
  expect(describeFailure(new Error('undefined is not a function')).message).toBe('Something went wrong.');
});
