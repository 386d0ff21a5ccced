import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { runCli } from '../../../test-support/run-cli.ts';
import { temporaryInstallation } from '../../../test-support/temporary-installation.ts';

test('imports a file with other names, says what is wrong by line, and changes nothing the second time', async () => {
  const installation = temporaryInstallation();
  onTestFinished(installation.remove);
  const run = (...args: string[]) => runCli(['import', 'users', ...args], { env: installation.env });
  const file = join(installation.folder, 'people.csv');
  writeFileSync(file, 'id,mail,extra\n7,ada@example.com,x\n8,nonsense,y\n9,ADA@example.com,z\n');
  await runCli(['migrate'], { env: installation.env });

  const unmapped = await run(file);
  expect(unmapped).toMatchObject({ code: 1, stdout: '' });
  expect(unmapped.stderr).toContain('The header has no column email. Its columns are id, mail, extra.');
  const dry = await run(file, '--map', 'email=mail', '--dry-run');
  expect(dry.code).toBe(1);
  expect(dry.stdout).toContain('Nothing is written');
  expect(dry.stdout).toContain('3 users read: 1 imported, 0 unchanged, 2 refused.');
  expect(dry.stdout).toMatch(/3 +mail is not an e-mail address/);
  expect(dry.stdout).toMatch(/4 +line 2 has the same e-mail address/);
  expect(dry.stdout).toContain('Not read from the file: extra.');
  expect((await run(file, '--map', 'email=mail', '--json')).json()).toMatchObject({ users: { imported: 1, refused: 2 } });
  expect((await run(file, '--map', 'email=mail', '--json')).json()).toMatchObject({ users: { imported: 0, unchanged: 1 } });
  const { users } = (await runCli(['users', 'list', '--json'], { env: installation.env })).json() as { users: unknown[] };
  expect(users).toMatchObject([{ id: '7', email: 'ada@example.com' }]);

  expect((await run(join(installation.folder, 'none.csv'))).code).toBe(2);
  expect((await run(file, '--map', 'mail')).stderr).toContain('Write it as email=mail');
  expect(await run(file, '--map', 'mail=email')).toMatchObject({ code: 2, stderr: expect.stringContaining('no field mail') as string });
  expect((await run(join(installation.folder, 'people.txt'))).stderr).toContain('--format');
});
