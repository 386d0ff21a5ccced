import { hashSecret } from '@gatehouse/session/engine';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { addUser, PASSWORD, runApp, type RunningApp } from '../test-support/running-app.ts';

let app: RunningApp;
const written: string[] = [];

beforeAll(async () => {
  app = await runApp({ LOG_LEVEL: 'trace' }, { logTo: { write: (line) => void written.push(line) } });
});
afterAll(() => app.close());
beforeEach(() => void written.splice(0));

interface Line {
  readonly level: number;
  readonly event?: string;
  readonly [field: string]: unknown;
}

/** Throws if a write to the log is not exactly one line of JSON. */
const lines = (): Line[] =>
  written.map((text) => {
    expect(text.trimEnd()).not.toContain('\n');
    return JSON.parse(text) as Line;
  });

/** The lines of one event. Polls, because the request is logged after its response. */
const eventually = (event: string): Promise<Line[]> =>
  vi.waitFor(
    () => {
      const found = lines().filter((line) => line.event === event);
      expect(found.length).toBeGreaterThan(0);
      return found;
    },
    { timeout: 20_000 },
  );

const WARN = 40;

test('security W-32: no line contains a cookie, its secret, a password or a query', async () => {
  const browser = app.visitor();
  await browser.signIn();
  const value = decodeURIComponent(browser.cookie?.split('=')[1] ?? '');
  await browser.fetch('/trpc/auth.me?input=%22query-of-mine%22', { headers: { authorization: 'Bearer of-mine' } });
  await browser.signIn('ada', 'a wrong password');
  await browser.mutate('auth.reauthenticate', { password: 'another wrong one' });
  await browser.mutate('account.changePassword', { currentPassword: PASSWORD, newPassword: 'short' });
  await browser.mutate('auth.logout');
  await eventually('signed_out');
  const text = written.join('');
  const [, ofSession = ''] = /^s:[^.]+\.([^.]+)\./.exec(value) ?? [];
  expect(ofSession.length).toBeGreaterThan(40);
  for (const secret of [
    value,
    ofSession,
    hashSecret(ofSession),
    PASSWORD,
    'a wrong password',
    'another wrong one',
    'query-of-mine',
    'of-mine',
    'argon2',
  ])
    expect(text).not.toContain(secret);
  expect(text).toMatch(/"handle":"ses_/);
});

test('security W-35: one line each for a sign-in, a failure, a revocation with actor and user, and a sign-out', async () => {
  const userId = await addUser(app.accounts, { username: 'logged' });
  const [browser, admin] = [app.visitor(), app.visitor()];
  await browser.signIn('logged', 'wrong');
  await browser.signIn('logged');
  await admin.signIn('root');
  const rootId = (await admin.query('auth.me')).data.user.id as string;
  const { handle } = (await browser.query('auth.me')).data.session;
  await admin.mutate('admin.sessions.revoke', { handle });
  await admin.mutate('auth.logout');
  expect(await eventually('sign_in_failed')).toEqual([expect.objectContaining({ userId, by: 'visitor', 'client.address': '127.0.0.1' })]);
  expect((await eventually('signed_in')).filter((line) => line['userId'] === userId)).toHaveLength(1);
  expect(await eventually('session_revoked')).toEqual([
    expect.objectContaining({ userId, by: 'admin', actorId: rootId, handle, reason: 'revoked_by_admin', id: expect.any(String) }),
  ]);
  expect(await eventually('signed_out')).toHaveLength(1);
});

test.each([
  ['ROLE_REQUIRED', 'admin.users.setRole', { userId: 'x', role: 'admin' }, undefined],
  ['AJAX_REQUIRED', 'auth.logout', undefined, {}],
  ['CROSS_SITE', 'auth.logout', undefined, { 'x-requested-with': 'XMLHttpRequest', origin: 'https://evil.example' }],
] as const)('security W-35: a call refused with %s is one warning with its path and request', async (reason, path, input, headers) => {
  const browser = app.visitor();
  await browser.signIn();
  await browser.mutate(path, input, headers);
  const [line, ...more] = await eventually('refused');
  expect(line).toMatchObject({
    level: WARN,
    reason,
    path,
    id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
    userId: expect.any(String) as string,
  });
  expect(more).toEqual([]);
});

test('security W-35: input cannot forge log lines', async () => {
  await app.visitor().signIn('a\nFAKE', 'x');
  await app.visitor().fetch('/a%0aFAKE', { headers: { 'user-agent': 'evil "} {"level":60' } });
  await app.visitor().query('no\nFAKE');
  await eventually('sign_in_failed');
  await vi.waitFor(() => expect(lines().filter((line) => line['http.response.status_code'] === 404)).toHaveLength(2), { timeout: 20_000 });
  expect(lines().some(({ level }) => level === 60)).toBe(false);
  expect(written.join('')).not.toMatch(/^FAKE/m);
});

test('security 45: a failed audit write is counted, and the sign-in succeeds', async () => {
  const broken = await runApp({ LOG_LEVEL: 'info' }, { logTo: { write: (line) => void written.push(line) } });
  try {
    await broken.database.prisma.$executeRaw`ALTER TABLE gatehouse_activity RENAME TO gatehouse_activity_away`;
    const browser = broken.visitor();
    expect((await browser.signIn()).status).toBe(200);
    expect((await browser.query('auth.me')).status).toBe(200);
    expect((await browser.mutate('auth.logout')).status).toBe(200);
    expect(lines().flatMap((line) => line['droppedAuditWrites'] ?? [])).toEqual([1, 2]);
  } finally {
    await broken.close();
  }
});

test('security W-35: an unexpected error is one line with the request id of the response', async () => {
  const broken = await runApp({ LOG_LEVEL: 'info' }, { logTo: { write: (line) => void written.push(line) } });
  try {
    const browser = broken.visitor();
    await browser.signIn();
    await broken.database.prisma.$executeRaw`DROP TABLE gatehouse_activity`;
    const { error } = await browser.query('account.recentActivity');
    const failed = lines().filter(({ msg }) => msg === 'A procedure failed.');
    expect(failed).toEqual([expect.objectContaining({ level: 50, id: error?.data.requestId, path: 'account.recentActivity' })]);
  } finally {
    await broken.close();
  }
});
