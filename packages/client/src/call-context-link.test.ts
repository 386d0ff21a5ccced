import { BACKGROUND_HEADER, USER_HEADER } from '@gatehouse/contract';
import { expect, test, vi } from 'vitest';
import { createClient } from './create-client.ts';
import type { LinkOptions } from './links.ts';

interface Sent {
  readonly calls: string;
  readonly user: string | null;
  readonly background: string | null;
}

/** A client and the HTTP requests that it sends. */
function recorded(options: Partial<LinkOptions> = {}, answer: object = { result: { data: {} } }) {
  const sent: Sent[] = [];
  const fetch = ((url: string, init: RequestInit) => {
    const calls = new URL(url).pathname.replace('/trpc/', '');
    const headers = new Headers(init.headers);
    sent.push({ calls, user: headers.get(USER_HEADER), background: headers.get(BACKGROUND_HEADER) });
    return Promise.resolve(Response.json(calls.split(',').map(() => answer)));
  }) as typeof globalThis.fetch;
  return { sent, client: createClient({ url: 'http://gatehouse.invalid/trpc', fetch, ...options }) };
}

test('by default, calls name no user and are not background calls', async () => {
  const { client, sent } = recorded();
  await Promise.all([client.auth.me.query(), client.sessions.revokeOthers.mutate()]);
  expect(sent).toEqual([
    { calls: 'auth.me', user: null, background: null },
    { calls: 'sessions.revokeOthers', user: null, background: null },
  ]);
});

test('a call names the user of the time it was made, not of the time it was sent', async () => {
  let userId: string | undefined = 'ada';
  const { client, sent } = recorded({ userId: () => userId });
  const first = client.account.updateProfile.mutate({ name: 'Ada' });
  userId = 'root';
  const second = client.account.updateProfile.mutate({ name: 'Grace' });
  userId = undefined;
  const third = client.sessions.revokeOthers.mutate();
  await Promise.all([first, second, third]);
  // Calls in the same tick for different users do not share a request.
  expect(sent.map(({ calls, user }) => [calls, user])).toEqual([
    ['account.updateProfile', 'ada'],
    ['account.updateProfile', 'root'],
    ['sessions.revokeOthers', null],
  ]);
});

test('calls for the same user share a request, and a call can override the user', async () => {
  const { client, sent } = recorded({ userId: () => 'ada' });
  await Promise.all([
    client.account.updateProfile.mutate({ name: 'Ada' }),
    client.sessions.revokeOthers.mutate(),
    client.sessions.revokeOthers.mutate(undefined, { context: { userId: 'root' } }),
  ]);
  expect(sent.map(({ calls, user }) => [calls, user])).toEqual([
    ['account.updateProfile,sessions.revokeOthers', 'ada'],
    ['sessions.revokeOthers', 'root'],
  ]);
});

test('a call that waited for the password still names its original user', async () => {
  let userId = 'ada';
  const stale = { error: { message: '', code: -32003, data: { code: 'FORBIDDEN', httpStatus: 403, reason: 'REAUTHENTICATION_REQUIRED' } } };
  const { client, sent } = recorded(
    {
      userId: () => userId,
      askForPassword: () => {
        userId = 'root';
        return Promise.resolve(true);
      },
    },
    stale,
  );
  await client.sessions.revokeOthers.mutate().catch(() => {});
  expect(sent.map(({ user }) => user)).toEqual(['ada', 'ada']);
});

test('background and foreground queries do not share a request; a mutation is never in the background', async () => {
  const { client, sent } = recorded({ isBackground: () => true });
  await Promise.all([
    client.auth.me.query(),
    client.auth.presence.query(undefined, { context: { background: false } }),
    client.sessions.revokeOthers.mutate(undefined, { context: { background: true } }),
  ]);
  expect(sent.map(({ calls, background }) => [calls, background])).toEqual([
    ['auth.me', '1'],
    ['auth.presence', null],
    ['sessions.revokeOthers', null],
  ]);
});

test('onUserChanged gets the user that the refused call was made for', async () => {
  const changed = { error: { message: '', code: -32012, data: { code: 'PRECONDITION_FAILED', httpStatus: 412, reason: 'USER_CHANGED' } } };
  const onUserChanged = vi.fn<(userId: string) => void>();
  const { client } = recorded({ userId: () => 'ada', onUserChanged }, changed);
  await expect(client.sessions.revokeOthers.mutate()).rejects.toMatchObject({ data: { reason: 'USER_CHANGED' } });
  expect(onUserChanged.mock.calls).toEqual([['ada']]);
});
