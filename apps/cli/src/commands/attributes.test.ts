import { sessionUserSchema, userAttributesSchema } from '@gatehouse/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCli } from '../../test-support/run-cli.ts';
import { temporaryInstallation } from '../../test-support/temporary-installation.ts';

// A custom field of an app, as if the contract declared it.
const fields: Record<string, unknown> = userAttributesSchema.shape;

const installation = temporaryInstallation();
const run = (args: string[]) => runCli(args, { env: installation.env });
const create = (username: string, attributes?: string) =>
  run([
    'createuser',
    username,
    '--email',
    `${username}@example.org`,
    '--name',
    username,
    '--generate-password',
    '--json',
    ...(attributes === undefined ? [] : ['--attributes', attributes]),
  ]);

beforeAll(async () => {
  fields['department'] = sessionUserSchema.shape.name.max(9).default('none');
  await run(['migrate']);
});
afterAll(() => {
  delete fields['department'];
  installation.remove();
});

test('createuser --attributes sets custom fields, and users list --json shows them', async () => {
  expect((await create('ada', '{"department": "Sales"}')).json()).toMatchObject({ user: { attributes: { department: 'Sales' } } });
  expect((await create('zoe')).json()).toMatchObject({ user: { attributes: { department: 'none' } } });
  const { users } = (await run(['users', 'list', '--json'])).json() as { users: unknown[] };
  expect(users).toMatchObject([{ attributes: { department: 'Sales' } }, { attributes: { department: 'none' } }]);
});

test('createuser names the invalid attributes and creates no account', async () => {
  const wrong = await create('eve', '{"department": 7, "salary": 1}');
  expect(wrong).toMatchObject({ code: 1, stdout: '' });
  expect(wrong.stderr).toContain('attributes.department: ');
  expect(wrong.stderr).toContain('attributes.salary: There is no such field. The fields are: department.');
  for (const text of ['Sales', '["Sales"]', 'null', '{"half'])
    expect(await create('eve', text)).toMatchObject({ code: 2, stderr: expect.stringContaining('Expected a JSON object') as string });
  const { total } = (await run(['users', 'list', '--json'])).json() as { total: number };
  expect(total).toBe(2);
});
