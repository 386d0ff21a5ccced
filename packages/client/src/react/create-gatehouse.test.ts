import { BACKGROUND_HEADER, defaultAttributes, SIGNED_OUT_REASONS, type SignedOutReason, USER_HEADER } from '@gatehouse/contract';
import { MutationObserver, QueryObserver } from '@tanstack/react-query';
import { TRPCClientError } from '@trpc/client';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createGatehouse, type Gatehouse } from './create-gatehouse.ts';

const me = {
  user: {
    id: 'u1',
    username: 'ada',
    email: 'ada@example.org',
    name: 'Ada',
    role: 'user' as const,
    status: 'active' as const,
    attributes: defaultAttributes(),
  },
  session: {
    handle: 'ses_1',
    loginTime: '2026-03-01T12:00:00.000Z',
    lastActivity: '2026-03-01T12:00:00.000Z',
    expires: '2026-03-15T12:00:00.000Z',
    absoluteExpires: '2026-05-30T12:00:00.000Z',
    untilBrowserCloses: false,
    freshUntil: null,
  },
  serverNow: '2026-03-01T12:00:00.000Z',
};

const refused = (reason: string) => ({ error: { message: '', code: -32001, data: { code: 'UNAUTHORIZED', httpStatus: 401, reason } } });

/** The same response for `auth.presence`, which reports a missing session as data, not as an error. */
function asPresence(answer: object): object {
  if ('result' in answer) return { result: { data: { signedIn: true, me: (answer as { result: { data: object } }).result.data } } };
  const { reason } = (answer as ReturnType<typeof refused>).error.data;
  return SIGNED_OUT_REASONS.has(reason) ? { result: { data: { signedIn: false, reason } } } : answer;
}

/** A server that gives the same response to every call, and records the requests. */
function server(answer: () => object | 'network error') {
  const requests = vi.fn<(url: string) => void>();
  const headers: Headers[] = [];
  const fetch = ((url: string, init: RequestInit) => {
    requests(url);
    headers.push(new Headers(init.headers));
    const one = answer();
    if (one === 'network error') return Promise.reject(new TypeError('fetch failed'));
    const calls = new URL(url).pathname.replace('/trpc/', '').split(',');
    return Promise.resolve(Response.json(calls.map((call) => (call === 'auth.presence' ? asPresence(one) : one))));
  }) as typeof globalThis.fetch;
  return { fetch, requests, headers };
}

/** One browser tab. */
function tab(answer: () => object | 'network error', { active = true } = {}) {
  const { fetch, requests, headers } = server(answer);
  const onSignedOut = vi.fn<(reason: SignedOutReason | undefined) => void>();
  const onSignedIn = vi.fn<() => void>();
  const onUserChanged = vi.fn<() => void>();
  const userActivity = { isRecent: () => active, stop: () => {} };
  const gatehouse = createGatehouse({ url: 'http://gatehouse.invalid/trpc', fetch, onSignedOut, onSignedIn, onUserChanged, userActivity });
  open.push(gatehouse);
  return { gatehouse, requests, headers, onSignedOut, onSignedIn, onUserChanged };
}

const open: Gatehouse[] = [];
afterEach(() => {
  for (const gatehouse of open.splice(0)) gatehouse.close();
});

const query = (gatehouse: Gatehouse, name: string) =>
  gatehouse.queryClient.fetchQuery({ queryKey: [name], retry: false, staleTime: 0, queryFn: () => gatehouse.trpcClient.auth.me.query() });

describe('signed out', () => {
  test('several calls that fail at the same time are reported once, and the cache is empty', async () => {
    let answer: object = { result: { data: me } };
    const { gatehouse, onSignedOut } = tab(() => answer);
    await query(gatehouse, 'kept');
    answer = refused('SESSION_EXPIRED');
    await Promise.allSettled(['a', 'b', 'c'].map((name) => query(gatehouse, name)));
    expect(onSignedOut.mock.calls).toEqual([['SESSION_EXPIRED']]);
    expect(gatehouse.queryClient.getQueryData(['kept'])).toBeUndefined();
  });

  test('queries on screen are emptied and not refetched', async () => {
    let answer: object = { result: { data: me } };
    const { gatehouse, requests } = tab(() => answer);
    const onScreen = new QueryObserver(gatehouse.queryClient, {
      queryKey: ['screen'],
      queryFn: () => gatehouse.trpcClient.auth.me.query(),
    });
    const close = onScreen.subscribe(() => {});
    await vi.waitFor(() => expect(onScreen.getCurrentResult().data).toBeDefined(), { timeout: 20_000 });
    answer = refused('SESSION_ENDED');
    await query(gatehouse, 'other').catch(() => {});
    expect(onScreen.getCurrentResult().data).toBeUndefined();
    // As a render would do.
    onScreen.setOptions({ queryKey: ['screen'], queryFn: () => gatehouse.trpcClient.auth.me.query() });
    expect(requests).toHaveBeenCalledTimes(2);
    close();
  });

  test('a refused mutation is reported as well', async () => {
    const { gatehouse, onSignedOut } = tab(() => refused('SESSION_ENDED'));
    const mutation = new MutationObserver(gatehouse.queryClient, {
      mutationFn: () => gatehouse.trpcClient.account.updateProfile.mutate({ name: 'Ada' }),
    });
    await mutation.mutate().catch(() => {});
    expect(onSignedOut.mock.calls).toEqual([['SESSION_ENDED']]);
  });

  test('guards use auth.presence, and only once', async () => {
    const { gatehouse, requests, onSignedOut } = tab(() => refused('SIGN_IN_REQUIRED'));
    expect(await gatehouse.presence()).toEqual({ signedIn: false, reason: 'SIGN_IN_REQUIRED' });
    expect(await gatehouse.presence()).toEqual({ signedIn: false, reason: 'SIGN_IN_REQUIRED' });
    expect(requests.mock.calls).toEqual([[expect.stringContaining('/trpc/auth.presence?')]]);
    expect(onSignedOut.mock.calls).toEqual([['SIGN_IN_REQUIRED']]);
  });
});

describe('not signed out', () => {
  test('a wrong password', async () => {
    const { gatehouse, onSignedOut } = tab(() => refused('INVALID_CREDENTIALS'));
    const mutation = new MutationObserver(gatehouse.queryClient, {
      mutationFn: () => gatehouse.trpcClient.auth.login.mutate({ identifier: 'ada', password: 'x' }),
    });
    await mutation.mutate().catch(() => {});
    expect(onSignedOut).not.toHaveBeenCalled();
  });

  test.each([
    ['a network error', 'network error' as const],
    [
      'unavailable storage',
      { error: { message: '', code: -32603, data: { code: 'SERVICE_UNAVAILABLE', httpStatus: 503, reason: 'STORAGE_UNAVAILABLE' } } },
    ],
  ])('%s: the guard throws the error, and the cache is kept', async (_name, answer) => {
    const { gatehouse, onSignedOut } = tab(() => answer);
    gatehouse.queryClient.setQueryData(['kept'], 'data');
    await expect(gatehouse.presence({ retry: false })).rejects.toBeInstanceOf(TRPCClientError);
    expect(onSignedOut).not.toHaveBeenCalled();
    expect(gatehouse.queryClient.getQueryData(['kept'])).toBe('data');
  });
});

describe('tabs of one browser', () => {
  test('all tabs are signed out with an empty cache; only the tab of the sign-out gets no reason', async () => {
    const here = tab(() => ({ result: { data: me } }));
    const there = tab(() => ({ result: { data: me } }));
    there.gatehouse.queryClient.setQueryData(['kept'], 'data');
    here.gatehouse.onLogout();
    expect(here.onSignedOut.mock.calls).toEqual([[undefined]]);
    await vi.waitFor(() => expect(there.onSignedOut.mock.calls).toEqual([['SESSION_ENDED']]), { timeout: 20_000 });
    expect(there.gatehouse.queryClient.getQueryData(['kept'])).toBeUndefined();
  });

  test('all tabs are signed in, and ask the server for the user', async () => {
    const here = tab(() => ({ result: { data: me } }));
    let answer: object = refused('SESSION_EXPIRED');
    const there = tab(() => answer);
    await there.gatehouse.presence();
    answer = { result: { data: me } };
    here.gatehouse.onLogin(me);
    await vi.waitFor(() => expect(there.onSignedIn).toHaveBeenCalledTimes(1), { timeout: 20_000 });
    expect(await there.gatehouse.presence()).toMatchObject({ signedIn: true, me: { user: { username: 'ada' } } });
  });
});

test('guards and pages share one request for the user', async () => {
  const { gatehouse, requests } = tab(() => ({ result: { data: me } }));
  expect(await gatehouse.presence()).toMatchObject({ signedIn: true, me: { user: { username: 'ada' } } });
  expect(await gatehouse.presence()).toMatchObject({ signedIn: true });
  expect(gatehouse.queryClient.getQueriesData({}).map(([, data]) => data)).toContainEqual(me);
  expect(requests).toHaveBeenCalledTimes(1);
});

test('guards get decoded dates', async () => {
  const { gatehouse } = tab(() => ({ result: { data: me } }));
  const presence = await gatehouse.presence();
  expect(presence.signedIn && presence.me.session.expires).toEqual(new Date('2026-03-15T12:00:00Z'));
});

const root = { ...me, user: { ...me.user, id: 'u2', username: 'root' } };
const answered = (data: object) => ({ result: { data } });
const meOf = ({ queryClient }: Gatehouse) => queryClient.getQueriesData<typeof me>({ queryKey: [['auth', 'me']] })[0]?.[1];
const changed = {
  error: { message: '', code: -32012, data: { code: 'PRECONDITION_FAILED', httpStatus: 412, reason: 'USER_CHANGED' } },
};

describe('background requests', () => {
  test('requests without recent user activity and expiry checks are marked; extending the session is not', async () => {
    const idle = tab(() => answered(me), { active: false });
    await idle.gatehouse.presence();
    await idle.gatehouse.refreshSession({ background: true });
    await idle.gatehouse.refreshSession({ background: false });
    expect(idle.headers.map((headers) => headers.get(BACKGROUND_HEADER))).toEqual(['1', '1', null]);
    const active = tab(() => answered(me));
    await active.gatehouse.presence();
    await active.gatehouse.refreshSession({ background: true });
    expect(active.headers.map((headers) => headers.get(BACKGROUND_HEADER))).toEqual([null, '1']);
  });

  test('preloading makes no request for a known user, and a background request otherwise', async () => {
    const { gatehouse, headers } = tab(() => answered(me));
    await gatehouse.presence({ background: true });
    await gatehouse.presence({ background: true });
    expect(headers.map((one) => one.get(BACKGROUND_HEADER))).toEqual(['1']);
  });

  test('a response in one tab updates the expiry in all tabs, unless it is older', async () => {
    const later = { ...me, session: { ...me.session, expires: '2026-03-20T12:00:00.000Z' }, serverNow: '2026-03-06T12:00:00.000Z' };
    const here = tab(() => answered(later));
    const there = tab(() => answered(me));
    await there.gatehouse.presence();
    await here.gatehouse.refreshSession({ background: true });
    await vi.waitFor(() => expect(meOf(there.gatehouse)?.session.expires).toBe(later.session.expires), { timeout: 20_000 });
    expect(there.requests).toHaveBeenCalledTimes(1);
    await tab(() => answered(me)).gatehouse.refreshSession({ background: true });
    // A channel keeps the order: when this message has arrived, so have the earlier ones.
    here.gatehouse.onLogout();
    await vi.waitFor(() => expect(there.onSignedOut).toHaveBeenCalledTimes(1), { timeout: 20_000 });
    expect(there.onUserChanged).not.toHaveBeenCalled();
  });
});

describe('a different user signed in', () => {
  test('refused calls reload the page once, for the new user', async () => {
    let answer: object = answered(me);
    const { gatehouse, headers, onUserChanged, onSignedOut } = tab(() => answer);
    await gatehouse.presence();
    answer = changed;
    const calls = [1, 2, 3].map((n) => gatehouse.trpcClient.admin.users.unlock.mutate({ userId: String(n) }));
    await Promise.allSettled(calls);
    expect(headers.at(-1)?.get(USER_HEADER)).toBe('u1');
    expect(onUserChanged).toHaveBeenCalledTimes(1);
    expect(onSignedOut).not.toHaveBeenCalled();
    expect(meOf(gatehouse)).toBeUndefined();
    answer = answered(root);
    expect(await gatehouse.presence()).toMatchObject({ signedIn: true, me: { user: { username: 'root' } } });
    await gatehouse.trpcClient.sessions.revokeOthers.mutate();
    expect(headers.at(-1)?.get(USER_HEADER)).toBe('u2');
  });

  test('a tab learns from another tab that the user changed', async () => {
    const here = tab(() => answered(root));
    const there = tab(() => answered(me));
    await there.gatehouse.presence();
    await here.gatehouse.presence();
    await vi.waitFor(() => expect(there.onUserChanged).toHaveBeenCalledTimes(1), { timeout: 20_000 });
    expect(meOf(there.gatehouse)).toBeUndefined();
    expect(here.onUserChanged).not.toHaveBeenCalled();
  });
});

describe('an expired cookie that the browser deleted', () => {
  const ended = { ...me, session: { ...me.session, expires: me.serverNow } };

  test('is reported as an expired session in all tabs', async () => {
    let answer: object = answered(ended);
    const here = tab(() => answer);
    const there = tab(() => answered(me));
    await there.gatehouse.presence();
    await here.gatehouse.presence();
    answer = refused('SIGN_IN_REQUIRED');
    await expect(here.gatehouse.refreshSession({ background: true })).rejects.toBeInstanceOf(TRPCClientError);
    expect(here.onSignedOut.mock.calls).toEqual([['SESSION_EXPIRED']]);
    expect(await here.gatehouse.presence()).toEqual({ signedIn: false, reason: 'SESSION_EXPIRED' });
    await vi.waitFor(() => expect(there.onSignedOut.mock.calls).toEqual([['SESSION_EXPIRED']]), { timeout: 20_000 });
  });

  test('before the expiry time, the reason of the server is reported', async () => {
    let answer: object = answered(me);
    const { gatehouse, onSignedOut } = tab(() => answer);
    await gatehouse.presence();
    answer = refused('SIGN_IN_REQUIRED');
    await gatehouse.refreshSession({ background: true }).catch(() => {});
    expect(onSignedOut.mock.calls).toEqual([['SIGN_IN_REQUIRED']]);
  });
});

describe('a failed refetch', () => {
  const gone = (reason: string) => ({ error: { message: '', code: -32004, data: { code: 'NOT_FOUND', httpStatus: 404, reason } } });

  test.each(['NOT_FOUND', 'ROLE_REQUIRED'])('%s: the old data is removed', async (reason) => {
    let answer: object = answered(me);
    const { gatehouse } = tab(() => answer);
    await query(gatehouse, 'one');
    answer = gone(reason);
    await query(gatehouse, 'one').catch(() => {});
    expect(gatehouse.queryClient.getQueryData(['one'])).toBeUndefined();
  });

  test('a network error: the old data is kept', async () => {
    let answer: object | 'network error' = answered(me);
    const { gatehouse } = tab(() => answer);
    await query(gatehouse, 'one');
    answer = 'network error';
    await query(gatehouse, 'one').catch(() => {});
    expect(gatehouse.queryClient.getQueryData(['one'])).toEqual(me);
  });
});
