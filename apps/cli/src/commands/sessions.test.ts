import { createAccounts } from '@gatehouse/accounts';
import { migrate, openDatabase, type Database } from '@gatehouse/prisma';
import { openEngine, type Engine } from '@gatehouse/session';
import { hashSecret, newSecret, type SessionRecord } from '@gatehouse/session/engine';
import { lifetimesOf, readSettings } from '@gatehouse/settings';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCli } from '../../test-support/run-cli.ts';
import { temporaryInstallation } from '../../test-support/temporary-installation.ts';

const installation = temporaryInstallation();
const run = (...args: string[]) => runCli(args, { env: installation.env });

let database: Database;
let engine: Engine;
let ada: string;
let bob: string;

beforeAll(async () => {
  const settings = readSettings(installation.env, { projectRoot: installation.folder });
  database = await openDatabase(settings.database.url);
  await migrate(database);
  engine = await openEngine('db', { database, lifetimes: lifetimesOf(settings.session) });
  const accounts = createAccounts({ database });
  const createUser = async (username: string) => {
    const outcome = await accounts.createUser({
      username,
      email: `${username}@example.org`,
      name: username,
      role: 'user',
      password: 'four good long words',
    });
    if (!outcome.ok) throw new Error(JSON.stringify(outcome.problems));
    return outcome.user.id;
  };
  [ada, bob] = await Promise.all([createUser('ada'), createUser('bob')]);
});

afterAll(async () => {
  await engine.close();
  await database.close();
  installation.remove();
});

// Times are whole hours, so that a slow test run does not change the rounded text.
const HOUR = 3_600_000;

async function store(userId: string, change: Partial<SessionRecord> = {}): Promise<SessionRecord> {
  const now = Date.now();
  const record: SessionRecord = {
    handle: await engine.newHandle(userId),
    secretHash: hashSecret(newSecret()),
    previousSecretHash: null,
    rotatedAtMs: now - 20 * HOUR,
    presentedAtMs: now - 20 * HOUR,
    userId,
    credentialEpoch: 0,
    data: { userId, next: '/deep' },
    version: 1,
    ip: '192.0.2.7',
    userAgent: 'Mozilla/5.0',
    createdAtMs: now - 20 * HOUR,
    renewedAtMs: now - 5 * HOUR,
    lastActivityAtMs: now - 5 * HOUR,
    expiresAtMs: now + 86_400_000,
    customAgeSeconds: null,
    fixedExpiryMs: null,
    ...change,
  };
  if (!(await engine.create(record))) throw new Error('There is no such user.');
  return record;
}

test('list, count and show print live sessions by handle, without their secrets', async () => {
  const old = await store(ada);
  const latest = await store(bob, { lastActivityAtMs: Date.now() - HOUR, userAgent: 'evil\u001b[2J\nses_forged  root' });
  await store(ada, { expiresAtMs: Date.now() - 1 });

  const [list, json, count, show, other] = await Promise.all([
    run('sessions', 'list'),
    run('sessions', 'list', '--limit', '1', '--user', 'ADA@example.org', '--json'),
    run('sessions', 'count', '--json'),
    run('sessions', 'show', old.handle),
    run('sessions', 'show', old.handle, '--json'),
  ]);
  const lines = list.stdout.trimEnd().split('\n');
  expect(lines).toHaveLength(3);
  expect(lines[0]).toMatch(/^Session +User +Last active +Expires +Address +Browser$/);
  expect(lines[1]).toMatch(new RegExp(`^${latest.handle} +bob +1 hour ago .* 192.0.2.7 +evil�ses_forged`));
  expect(lines[2]).toMatch(new RegExp(`^${old.handle} +ada +5 hours ago .* Mozilla/5.0$`));

  expect(json.json()).toMatchObject({
    total: 1,
    sessions: [
      {
        handle: old.handle,
        user: { username: 'ada' },
        lastActivity: new Date(old.lastActivityAtMs).toISOString(),
        userAgent: 'Mozilla/5.0',
      },
    ],
  });
  expect(count.json()).toEqual({ sessions: 2, users: 2 });
  expect(show.stdout).toMatch(/"next": "\/deep"/);
  expect(show.stdout).toMatch(/Last active +\d+ \w+ \d{4}, \d\d:\d\d \(5 hours ago\)/);
  expect(other.json()).toMatchObject({ session: { handle: old.handle }, data: { next: '/deep' } });
  for (const { stdout } of [list, json, show, other]) {
    for (const { secretHash } of [old, latest]) expect(stdout).not.toContain(secretHash);
    // oxlint-disable-next-line no-control-regex
    expect(stdout).not.toMatch(/\u001b/);
  }
});

test('show hides values that are secrets by their name or form, and names them', async () => {
  const data = { userId: ada, csrfToken: 'a-secret', next: '/deep', links: ['https://app.example/?token=another-secret'] };
  const { handle } = await store(ada, { data });
  const [text, json] = await Promise.all([run('sessions', 'show', handle), run('sessions', 'show', handle, '--json')]);
  expect(json.json()).toMatchObject({ data: { csrfToken: null, next: '/deep', links: null }, hidden: ['csrfToken', 'links'] });
  expect(text.stdout).toMatch(/^Not shown, because they may be secrets or are very long: csrfToken, links$/m);
  for (const { stdout } of [text, json]) expect(stdout).not.toMatch(/a-secret|another-secret/);
  await engine.destroy(handle);
});

test('revoke ends one session, all sessions of a user or all sessions, and says how many', async () => {
  const [one, two, three] = [await store(ada), await store(ada), await store(bob)];

  expect(await run('sessions', 'revoke', one.handle, '--json')).toMatchObject({ code: 0, stdout: '{\n  "revoked": 1\n}\n' });
  expect(await engine.find(one.handle)).toBeUndefined();
  expect(await engine.find(two.handle)).toBeDefined();

  expect((await run('sessions', 'revoke', '--user', 'ada')).code).toBe(0);
  expect((await engine.listByUser(ada)).sessions).toEqual([]);
  expect(await engine.find(three.handle)).toBeDefined();

  const asked = await run('sessions', 'revoke', '--all');
  expect(asked).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') as string });
  expect(await engine.find(three.handle)).toBeDefined();

  expect((await run('sessions', 'revoke', '--all', '--yes')).code).toBe(0);
  expect(await engine.count()).toEqual({ sessions: 0, users: 0 });
});

test('a session that the command line ends appears in the activity of its account', async () => {
  const { handle } = await store(bob);
  await run('sessions', 'revoke', handle);
  const [latest] = await createAccounts({ database }).recentActivity(bob, { limit: 1 });
  expect(latest).toMatchObject({ kind: 'session_revoked', handle, userAgent: 'gatehouse command line' });
});

test('changepassword ends all sessions of the user and of no other user, and says how many', async () => {
  await Promise.all([store(ada), store(ada), store(bob)]);
  const { stdout } = await run('changepassword', 'ada', '--generate-password');
  expect(stdout).toMatch(/^Changed the password of ada\. Ended 2 sessions\.\nPassword: \S+\n$/);
  expect((await engine.listByUser(ada)).sessions).toEqual([]);
  expect((await engine.listByUser(bob)).sessions).toHaveLength(1);
});

/** The row of an expired session, without its handle. */
const EXPIRED = {
  secretHash: 'expired',
  rotatedAt: new Date(0),
  data: '{}',
  createdAt: new Date(0),
  renewedAt: new Date(0),
  lastActivityAt: new Date(0),
  expiresAt: new Date(1),
};

test('clearsessions removes expired sessions and leaves live ones', async () => {
  await engine.destroyAll();
  const live = await store(bob);
  await database.prisma.session.createMany({
    data: Array.from({ length: 2500 }, (_, index) => ({ ...EXPIRED, handle: `ses_expired-${index}` })),
  });
  const [first, second] = await Promise.all([run('clearsessions', '--json'), run('clearsessions', '--json')]);
  const removed = [first, second].map((result) => (result.json() as { removed: number }).removed);
  expect(removed[0]! + removed[1]!).toBe(2500);
  expect(await database.prisma.session.findMany({ select: { handle: true } })).toEqual([{ handle: live.handle }]);
});

test('clearsessions writes one audit entry for many expired sessions of a user', async () => {
  await database.prisma.session.createMany({
    data: Array.from({ length: 300 }, (_, index) => ({ ...EXPIRED, userId: bob, handle: `ses_expired-${index}` })),
  });
  const before = await database.prisma.activity.count();
  expect((await run('clearsessions', '--json')).json()).toEqual({ removed: 300 });
  expect(await database.prisma.activity.count()).toBe(before + 1);
  const { events } = (await run('audit', 'list', '--kind', 'sessions_expired', '--json')).json() as { events: object[] };
  expect(events).toMatchObject([{ actorKind: 'system', reason: 'expired', detail: { ended: 300 } }]);
});

test('list --limit shows some sessions of a user and says how many there are', async () => {
  await engine.destroyAll();
  const stored = [];
  for (let count = 0; count < 5; count += 1) stored.push((await store(bob)).handle);
  const { sessions, total } = (await run('sessions', 'list', '--user', 'bob', '--limit', '2', '--json')).json() as {
    sessions: { handle: string }[];
    total: number;
  };
  expect(total).toBe(5);
  expect(sessions).toHaveLength(2);
  for (const { handle } of sessions) expect(stored).toContain(handle);
  expect((await run('sessions', 'list', '--user', 'bob', '--limit', '2')).stdout).toContain('2 of 5 sessions; --limit 5 shows all.');
});

test('revoke accepts exactly one of a handle, --user and --all', async () => {
  expect(await run('sessions', 'revoke', 'ses_x', '--all')).toMatchObject({ code: 2, stderr: 'Pass one of: a handle, --user or --all.\n' });
});

test('commands cannot reach sessions in the memory of a server and say so; accounts are still reachable', async () => {
  const env = { ...installation.env, SESSION_ENGINE: 'memory' };
  const [list, users] = await Promise.all([runCli(['sessions', 'list'], { env }), runCli(['users', 'list', '--json'], { env })]);
  expect(list).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('memory of the server') as string });
  expect(users).toMatchObject({ code: 0 });
});
