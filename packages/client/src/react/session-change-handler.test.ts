import type { SignedOutReason } from '@gatehouse/contract';
import { MutationObserver, QueryClient, QueryObserver } from '@tanstack/react-query';
import { expect, test, vi } from 'vitest';
import type { WireMe } from './me-query.ts';
import { sessionChangeHandler } from './session-change-handler.ts';

const meOf = (id: string) => ({ user: { id } }) as WireMe;

type Presence = { signedIn: true; me: WireMe } | { signedIn: false; reason: SignedOutReason };

function page(presence: () => Presence | Promise<never>) {
  const queryClient = new QueryClient();
  const updateMe = vi.fn<(me: WireMe) => void>();
  const onSignedOut = vi.fn<(reason: SignedOutReason) => void>();
  const onOtherUser = vi.fn<() => void>();
  const handle = sessionChangeHandler({
    queryClient,
    askPresence: async () => presence(),
    updateMe,
    onSignedOut,
    onOtherUser,
    userId: () => 'u1',
  });
  return { queryClient, handle, updateMe, onSignedOut, onOtherUser };
}

const WITHIN = { timeout: 20_000 };
const ENDED = { kind: 'ended', reason: 'SESSION_ENDED' } as const;

test('an ended session signs the page out, with the reason that the stream gave', async () => {
  const { handle, onSignedOut } = page(() => ({ signedIn: false, reason: 'SIGN_IN_REQUIRED' }));
  handle(ENDED);
  await vi.waitFor(() => expect(onSignedOut.mock.calls).toEqual([['SESSION_ENDED']]), WITHIN);
});

test('also if the server does not answer the question who is signed in', async () => {
  const { handle, onSignedOut } = page(() => Promise.reject(new Error('offline')));
  handle({ kind: 'ended', reason: 'SESSION_EXPIRED' });
  await vi.waitFor(() => expect(onSignedOut.mock.calls).toEqual([['SESSION_EXPIRED']]), WITHIN);
});

test('a page continues if its user has signed in again meanwhile, which ended the previous session', async () => {
  const { handle, updateMe, onSignedOut } = page(() => ({ signedIn: true, me: meOf('u1') }));
  handle(ENDED);
  await vi.waitFor(() => expect(updateMe.mock.calls).toEqual([[meOf('u1')]]), WITHIN);
  expect(onSignedOut).not.toHaveBeenCalled();
});

test('a page shows the other user if another one has signed in meanwhile', async () => {
  const { handle, onOtherUser, onSignedOut } = page(() => ({ signedIn: true, me: meOf('u2') }));
  handle(ENDED);
  await vi.waitFor(() => expect(onOtherUser).toHaveBeenCalledTimes(1), WITHIN);
  expect(onSignedOut).not.toHaveBeenCalled();
});

test('while this tab signs out, an ended session is reported only afterwards', async () => {
  const order: string[] = [];
  const { queryClient, handle, onSignedOut } = page(() => ({ signedIn: false, reason: 'SIGN_IN_REQUIRED' }));
  onSignedOut.mockImplementation(() => void order.push('ended'));
  let answer = () => {};
  const logout = new MutationObserver(queryClient, {
    mutationKey: [['auth', 'logout']],
    mutationFn: () => new Promise<void>((resolve) => (answer = resolve)),
    onSuccess: () => void order.push('signed out'),
  });
  const done = logout.mutate();
  await vi.waitFor(() => expect(queryClient.isMutating()).toBe(1), WITHIN);
  handle(ENDED);
  answer();
  await done;
  await vi.waitFor(() => expect(order).toEqual(['signed out', 'ended']), WITHIN);
});

test.each([
  ['ready', ['account.recentActivity', 'auth.me', 'sessions.search', 'admin.stats']],
  ['user', ['account.recentActivity', 'auth.me']],
  ['sessions', ['account.recentActivity', 'sessions.search', 'admin.stats']],
] as const)('%s: what may have changed is read again, and nothing else', async (kind, expected) => {
  const { queryClient, handle } = page(() => ({ signedIn: true, me: meOf('u1') }));
  const read: string[] = [];
  const names = ['account.recentActivity', 'auth.me', 'sessions.search', 'admin.stats'];
  const stops = names.map((name) =>
    new QueryObserver(queryClient, {
      queryKey: [name.split('.'), { type: 'query' }],
      queryFn: () => read.push(name),
      staleTime: 600_000,
    }).subscribe(() => {}),
  );
  await vi.waitFor(() => expect(queryClient.isFetching()).toBe(0), WITHIN);
  expect(read).toHaveLength(names.length);
  read.length = 0;
  handle({ kind });
  await vi.waitFor(() => expect(new Set(read)).toEqual(new Set(expected)), WITHIN);
  for (const stop of stops) stop();
});
