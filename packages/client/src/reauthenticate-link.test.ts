import { afterEach, expect, test, vi } from 'vitest';
import { createClient } from './create-client.ts';
import type { AskForPassword } from './reauthenticate-link.ts';

const refusal = {
  error: { message: '', code: -32003, data: { code: 'FORBIDDEN', httpStatus: 403, reason: 'REAUTHENTICATION_REQUIRED' } },
};

/** A server that requires re-authentication until `entered` is set. */
function stale(ask: (entered: () => void) => ReturnType<AskForPassword>) {
  let entered = false;
  const sent: string[] = [];
  const asked = vi.fn<AskForPassword>(() =>
    ask(() => {
      entered = true;
    }),
  );
  const fetch = ((url: string, init: RequestInit) => {
    const calls = new URL(url).pathname.replace('/trpc/', '').split(',');
    sent.push(...calls.map((call) => `${call} ${init.body as string}`));
    const answer = entered ? { result: { data: { ended: 1 } } } : refusal;
    return Promise.resolve(Response.json(calls.map(() => answer)));
  }) as typeof globalThis.fetch;
  return { client: createClient({ url: 'http://gatehouse.invalid/trpc', fetch, askForPassword: asked }), sent, asked };
}

afterEach(() => vi.restoreAllMocks());

test('a refused call is repeated unchanged once the password was entered', async () => {
  const { client, sent } = stale((enter) => {
    enter();
    return Promise.resolve(true);
  });
  expect(await client.admin.users.revokeSessions.mutate({ userId: 'u1' })).toEqual({ ended: 1 });
  expect(sent).toEqual(Array(2).fill('admin.users.revokeSessions {"0":{"userId":"u1"}}'));
});

test('calls that are refused at the same time share one prompt', async () => {
  const { client, asked } = stale((enter) => {
    enter();
    return Promise.resolve(true);
  });
  await Promise.all([client.sessions.revokeOthers.mutate(), client.admin.sessions.revokeAll.mutate()]);
  expect(asked).toHaveBeenCalledTimes(1);
});

test.each([
  ['declined', () => Promise.resolve(false)],
  ['confirmed, but refused again', () => Promise.resolve(true)],
  ['failed', () => Promise.reject(new Error('no dialog'))],
])('prompt %s: the call fails with the reason, and the user is not asked again', async (_name, ask) => {
  const { client, asked } = stale(ask);
  await expect(client.sessions.revokeOthers.mutate()).rejects.toMatchObject({ data: { reason: 'REAUTHENTICATION_REQUIRED' } });
  expect(asked).toHaveBeenCalledTimes(1);
});

test('an aborted call is not sent again', async () => {
  const controller = new AbortController();
  const { client, sent } = stale((enter) => {
    controller.abort();
    enter();
    return Promise.resolve(true);
  });
  await expect(client.sessions.revokeOthers.mutate(undefined, { signal: controller.signal })).rejects.toThrow();
  expect(sent).toHaveLength(1);
});
