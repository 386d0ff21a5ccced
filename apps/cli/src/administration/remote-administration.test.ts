import { openDatabase } from '@gatehouse/prisma';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCli } from '../../test-support/run-cli.ts';
import { runServer, type RunningServer } from '../../test-support/run-server.ts';
import { temporaryInstallation } from '../../test-support/temporary-installation.ts';

/** Commands with `--url` against a real server in another process, as the administrator who is signed in there. */

const PASSWORD = 'four good long words';
const installation = temporaryInstallation();
let server: RunningServer;

/** Without the settings of the installation, so a command that reached for its database would fail. Each user has a folder for the cookie. */
const elsewhere = (user: string) => ({ HOME: installation.folder, XDG_CONFIG_HOME: `${installation.folder}/${user}`, NODE_ENV: 'test' });
const local = (args: string[], input = '') => runCli(args, { env: installation.env, input });
const remoteAs = (user: string, ...args: string[]) => runCli([...args, '--url', server.url], { env: elsewhere(user) });
const remote = (...args: string[]) => remoteAs('ada', ...args);
const signIn = (user: string) =>
  runCli(['login', user, '--url', server.url, '--password-stdin'], { env: elsewhere(user), input: PASSWORD });

beforeAll(async () => {
  server = await runServer(installation.env);
  for (const [username, role] of [
    ['ada', 'admin'],
    ['bob', 'user'],
    ['zoe', 'user'],
  ] as const)
    await local(['createuser', username, '--email', `${username}@example.org`, '--role', role, '--password-stdin'], PASSWORD);
  await signIn('bob');
  expect((await signIn('ada')).code).toBe(0);
});

afterAll(async () => {
  await server.stop();
  installation.remove();
});

test('users are found, shown and edited on the server', async () => {
  expect((await remote('users', 'search', 'bo', '--json')).json()).toMatchObject({
    users: [{ username: 'bob', sessions: 1, isLocked: false }],
    isMore: false,
  });
  expect((await remote('users', 'show', 'bob@example.org')).stdout).toMatch(/^Sessions +1$/m);
  expect((await remote('users', 'edit', 'bob', '--name', 'Bob Newname', '--json')).json()).toMatchObject({ user: { name: 'Bob Newname' } });
  expect(await remote('users', 'edit', 'bob', '--email', 'zoe@example.org')).toMatchObject({ code: 1, stdout: '' });
  expect(await remote('users', 'show', 'eve')).toMatchObject({ code: 1, stderr: 'There is no user eve.\n' });
  const { events } = (await local(['audit', 'list', '--user', 'bob', '--kind', 'profile_changed', '--json'])).json() as {
    events: { actorKind: string }[];
  };
  expect(events).toMatchObject([{ actorKind: 'admin' }]);
});

test('sessions are listed, shown and revoked on the server', async () => {
  const listed = (await remote('sessions', 'list', '--user', 'bob', '--json')).json() as { sessions: { handle: string }[]; total: number };
  expect(listed).toMatchObject({ total: 1, sessions: [{ user: { username: 'bob' } }] });
  const handle = listed.sessions[0]?.handle ?? '';
  expect((await remote('sessions', 'show', handle)).stdout).toMatch(new RegExp(`^Session +${handle}$`, 'm'));
  expect((await remote('sessions', 'top', '--json')).json()).toMatchObject({ total: 2 });
  expect((await remote('sessions', 'revoke', handle)).stdout).toBe('Ended 1 session.\n');
  expect((await remote('sessions', 'revoke', handle)).code).toBe(1);
  await signIn('zoe');
  expect((await remote('sessions', 'revoke', '--user', 'zoe', '--json')).json()).toEqual({ revoked: 1 });
});

test('accounts are suspended, reactivated, unlocked, given a role and deleted on the server', async () => {
  expect((await remote('users', 'suspend', 'zoe')).stdout).toBe('Suspended zoe. Ended 0 sessions.\n');
  expect((await remote('users', 'reactivate', 'zoe')).stdout).toBe('Reactivated zoe.\n');
  expect((await remote('users', 'unlock', 'zoe')).stdout).toBe('Unlocked zoe.\n');
  expect((await remote('users', 'role', 'zoe', 'admin')).stdout).toBe('The role of zoe is admin.\n');
  expect((await remote('users', 'delete', 'zoe')).code).toBe(2);
  expect((await remote('users', 'delete', 'zoe', '--yes', '--json')).json()).toMatchObject({ deleted: { username: 'zoe' } });
  expect(await remote('users', 'unlock', '--all')).toMatchObject({ code: 2 });
  expect(await remote('users', 'suspend', 'ada')).toMatchObject({ code: 1, stderr: expect.stringContaining('own account') as string });
});

test('whoever is no administrator, or not signed in, is refused', async () => {
  await signIn('bob');
  const refused = await remoteAs('bob', 'users', 'search', '--json');
  expect(refused).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('ROLE_REQUIRED') as string });
  await remoteAs('bob', 'logout');
  expect(await remoteAs('bob', 'users', 'search')).toMatchObject({ code: 3, stdout: '' });
});

test('without a terminal, an act that needs a recent sign-in says so', async () => {
  const database = await openDatabase(installation.env['DATABASE_URL'] ?? '');
  for (const { handle, data } of await database.prisma.session.findMany()) {
    const old = { ...(JSON.parse(data) as object), authenticatedAt: new Date(Date.now() - 86_400_000) };
    await database.prisma.session.update({ where: { handle }, data: { data: JSON.stringify(old) } });
  }
  await database.close();
  const { code, stderr } = await remote('users', 'suspend', 'bob');
  expect({ code, stderr }).toEqual({ code: 3, stderr: 'Your sign-in is not recent enough for this. Sign in again: gatehouse login\n' });
  expect((await remote('users', 'search', 'bob', '--json')).code).toBe(0);
});
