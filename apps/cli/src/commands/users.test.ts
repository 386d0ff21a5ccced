import { defaultAttributes } from '@gatehouse/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCli } from '../../test-support/run-cli.ts';
import { temporaryInstallation } from '../../test-support/temporary-installation.ts';

const installation = temporaryInstallation();
const run = (args: string[]) => runCli(args, { env: installation.env });
const create = (username: string, name: string) =>
  run(['createuser', username, '--email', `${username}@example.org`, '--name', name, '--generate-password']);

beforeAll(async () => {
  await run(['migrate']);
});
afterAll(installation.remove);

test('users list names createuser if there are no accounts, pages by user name and aligns wide names', async () => {
  expect(await run(['users', 'list'])).toMatchObject({ code: 0, stdout: 'No accounts. Create one: gatehouse createuser\n' });
  await create('zoe', 'Zoë');
  await create('ada', '山田太郎');
  const { stdout } = await run(['users', 'list']);
  expect(stdout.split('\n').map((line) => line.replace(/\d{4}-\d\d-\d\d$/, '(day)'))).toEqual([
    'User  E-mail           Name      Role  Status  Created',
    'ada   ada@example.org  山田太郎  user  active  (day)',
    'zoe   zoe@example.org  Zoë       user  active  (day)',
    '',
  ]);
  const limited = await run(['users', 'list', '--limit', '1']);
  expect(limited.stdout).toMatch(/^ada .*\n1 of 2 accounts; --limit 2 shows all\.\n$/m);
  const { users, total } = (await run(['users', 'list', '--json'])).json() as { users: Record<string, string>[]; total: number };
  expect({ total, names: users.map(({ username }) => username) }).toEqual({ total: 2, names: ['ada', 'zoe'] });
  expect(users[0]).toEqual({
    id: expect.any(String) as string,
    username: 'ada',
    email: 'ada@example.org',
    name: '山田太郎',
    role: 'user',
    status: 'active',
    attributes: defaultAttributes(),
    createdAt: expect.stringMatching(/^\d{4}-.*Z$/) as string,
  });
});

test('users suspend, reactivate and role change the account and are recorded in the audit trail', async () => {
  expect(await run(['users', 'suspend', 'ada@example.org'])).toMatchObject({ code: 0, stdout: 'Suspended ada. Ended 0 sessions.\n' });
  expect((await run(['users', 'list'])).stdout).toMatch(/^ada .* suspended /m);
  expect(await run(['users', 'reactivate', 'ada'])).toMatchObject({ code: 0, stdout: 'Reactivated ada.\n' });
  expect(await run(['users', 'role', 'ada', 'admin'])).toMatchObject({ code: 0, stdout: 'The role of ada is admin.\n' });
  const { users } = (await run(['users', 'list', '--json'])).json() as { users: { username: string; role: string; status: string }[] };
  expect(users[0]).toMatchObject({ username: 'ada', role: 'admin', status: 'active' });
  const { events } = (await run(['audit', 'list', '--user', 'ada', '--json'])).json() as { events: { kind: string; actorKind: string }[] };
  expect(events.map(({ kind, actorKind }) => [kind, actorKind]).slice(0, 3)).toEqual([
    ['role_changed', 'command_line'],
    ['reactivated', 'command_line'],
    ['suspended', 'command_line'],
  ]);
});

test('an unknown role and an unknown user are refused in one line', async () => {
  const role = await run(['users', 'role', 'ada', 'owner']);
  expect(role).toMatchObject({ code: 2, stdout: '' });
  expect(role.stderr).toMatch(/Allowed choices are user, admin/);
  const results = await Promise.all([run(['users', 'suspend', 'eve']), run(['users', 'role', 'eve', 'user', '--json'])]);
  expect(results[0]).toMatchObject({ code: 1, stderr: 'There is no user eve.\n' });
  expect(JSON.parse(results[1].stderr)).toEqual({ error: { code: 'UNKNOWN_USER', message: 'There is no user eve.' } });
});
