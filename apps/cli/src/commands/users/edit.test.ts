import { sessionUserSchema, userAttributesSchema } from '@gatehouse/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCli } from '../../../test-support/run-cli.ts';
import { temporaryInstallation } from '../../../test-support/temporary-installation.ts';

// Own fields of an app, as if the contract declared them.
const fields: Record<string, unknown> = userAttributesSchema.shape;

const installation = temporaryInstallation();
const run = (...args: string[]) =>
  runCli(args, { env: { ...installation.env, SESSION_SECRET: 'a secret of at least thirty-two characters' } });

const TEXT = sessionUserSchema.shape.name;

beforeAll(async () => {
  fields['department'] = TEXT.max(9).default('none');
  fields['active'] = sessionUserSchema.shape.attributes.optional();
  await run('migrate');
  for (const [username, name] of [
    ['ada', 'Ada Lovelace'],
    ['zoe', 'Zoë Núñez'],
    ['adam', 'Bob Adams'],
  ] as const)
    await run('createuser', username, '--email', `${username}@example.org`, '--name', name, '--generate-password');
});

afterAll(() => {
  delete fields['department'];
  delete fields['active'];
  installation.remove();
});

test('users edit changes name, address and own fields, records it, and the account is found by its new words', async () => {
  const edited = await run('users', 'edit', 'zoe', '--name', 'Zoë Smith', '--email', 'new@example.org', '--set', 'department=7', '--json');
  expect(edited.json()).toMatchObject({ user: { name: 'Zoë Smith', email: 'new@example.org', attributes: { department: '7' } } });
  expect((await run('users', 'edit', 'zoe', '--set', 'active={"since":2024}', '--json')).json()).toMatchObject({
    user: { attributes: { department: '7', active: { since: 2024 } } },
  });
  expect((await run('users', 'edit', 'zoe', '--unset', 'department', '--json')).json()).toMatchObject({
    user: { attributes: { department: 'none' } },
  });
  const found = (await run('users', 'search', 'smith', '--json')).json() as { users: { username: string }[] };
  expect(found.users.map(({ username }) => username)).toEqual(['zoe']);
  const { events } = (await run('audit', 'list', '--user', 'zoe', '--json')).json() as { events: { kind: string; actorKind: string }[] };
  expect(events.map(({ kind }) => kind).toSorted()).toEqual([
    'email_changed',
    'profile_changed',
    'profile_changed',
    'profile_changed',
    'user_created',
  ]);
  expect(new Set(events.map(({ actorKind }) => actorKind))).toEqual(new Set(['command_line']));
});

test('users edit changes nothing if any value is refused', async () => {
  const tooLong = await run('users', 'edit', 'ada', '--name', 'Changed', '--set', 'department=0123456789');
  expect(tooLong).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('attributes.department') as string });
  const unknown = await run('users', 'edit', 'ada', '--name', 'Changed', '--set', 'salary=1');
  expect(unknown).toMatchObject({ code: 1, stderr: expect.stringContaining('There is no such field') as string });
  const taken = await run('users', 'edit', 'ada', '--name', 'Changed', '--email', 'adam@example.org');
  expect(taken).toMatchObject({ code: 1, stdout: '' });
  expect((await run('users', 'edit', 'ada')).code).toBe(2);
  expect((await run('users', 'edit', 'ada', '--set', 'department')).code).toBe(2);
  expect((await run('users', 'edit', 'eve', '--name', 'Eve')).stderr).toBe('There is no user eve.\n');
  expect((await run('users', 'show', 'ada', '--json')).json()).toMatchObject({ user: { name: 'Ada Lovelace' } });
});

test('users search finds beginnings of words without accents, with filters, and says if there are more', async () => {
  const names = async (...args: string[]) =>
    ((await run('users', 'search', ...args, '--json')).json() as { users: { username: string }[] }).users.map(({ username }) => username);
  expect(await names('ada')).toEqual(['ada', 'adam']);
  expect(await names('ADA', 'love')).toEqual(['ada']);
  expect(await names('zoe')).toEqual(['zoe']);
  await run('users', 'suspend', 'adam');
  expect(await names('--status', 'suspended')).toEqual(['adam']);
  expect((await run('users', 'search', 'nobody')).stdout).toBe('No matching accounts.\n');
  const limited = await run('users', 'search', '--limit', '1');
  expect(limited.stdout).toMatch(
    /^User +E-mail +Name +Role +Status +Sessions +Last sign-in\nada .*\nMore accounts match; --limit 10 shows more\.\n$/,
  );
});

test('users show prints role, lock, sessions, last sign-in and own fields of one account', async () => {
  const { stdout } = await run('users', 'show', 'ADA@example.org');
  const facts = new Map(stdout.split('\n').map((line) => [line.slice(0, 14).trim(), line.slice(14)]));
  expect(Object.fromEntries(facts)).toMatchObject({
    User: 'ada',
    'E-mail': 'ada@example.org',
    Role: 'user',
    Status: 'active',
    'Sign-in': 'not delayed',
    Sessions: '0',
    'Last sign-in': 'none recorded',
    department: 'none',
  });
  expect((await run('users', 'show', 'eve')).code).toBe(1);
});
