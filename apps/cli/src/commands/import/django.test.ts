import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DJANGO_MEMBERS, DJANGO_SITE, djangoSite, SQLITE } from '@gatehouse/prisma/testing';
import { expect, onTestFinished, test } from 'vitest';
import { runCli } from '../../../test-support/run-cli.ts';
import { temporaryInstallation } from '../../../test-support/temporary-installation.ts';

test('imports users and sessions with a reason for each refusal, and imports nothing twice', async () => {
  const installation = temporaryInstallation();
  onTestFinished(installation.remove);
  const run = (...args: string[]) => runCli(args, { env: installation.env });
  const url = await djangoSite(SQLITE);
  const keyFile = join(installation.folder, 'key.txt');
  writeFileSync(keyFile, `${DJANGO_SITE.secretKey}\n${DJANGO_SITE.oldKey}\n`);
  await run('migrate');

  const dry = await run('import', 'django', '--from', url, '--secret-key-file', keyFile, '--dry-run');
  expect(dry.stdout).toContain('Nothing is written');
  expect(dry.stdout).toContain('10 users read: 7 imported, 0 updated, 0 unchanged, 3 refused.');
  expect(dry.stdout).toMatch(/no-mail +refused: has no e-mail address/);
  expect((await run('import', 'django', '--from', url, '--secret-key-file', keyFile, '--json')).json()).toMatchObject({
    users: { imported: 7, refused: 3 },
    sessions: { imported: 11, expired: 2, unreadable: 3, ended: 4 },
  });
  const again = await run('import', 'django', '--from', url, '--secret-key-file', keyFile, '--json');
  // Some users were refused, and a script must notice.
  expect(again.code).toBe(1);
  expect(again.json()).toMatchObject({ users: { imported: 0, unchanged: 7 }, sessions: { imported: 0, before: 11 } });
  expect((await run('sessions', 'count', '--json')).json()).toMatchObject({ sessions: 11, users: 2 });
});

test('a missing database, key file or table is an error, and no database is created', async () => {
  const installation = temporaryInstallation();
  onTestFinished(installation.remove);
  const run = (...args: string[]) => runCli(args, { env: installation.env });
  await run('migrate');
  const missing = join(installation.folder, 'none.sqlite3');
  const [none, noKey, noTable] = await Promise.all([
    run('import', 'django', '--from', `file:${missing}`),
    run('import', 'django', '--from', `file:${missing}`, '--secret-key-file', join(installation.folder, 'nothing')),
    run('import', 'django', '--from', installation.env['DATABASE_URL'] ?? ''),
  ]);
  expect(none).toMatchObject({ code: 4, stdout: '' });
  expect(none.stderr).toContain('there is no file');
  expect(existsSync(missing)).toBe(false);
  expect(noKey).toMatchObject({ code: 2 });
  expect(noTable).toMatchObject({ code: 1, stderr: expect.stringContaining('no table auth_user') as string });
});

test('with a wrong SECRET_KEY, neither sessions nor users are imported, and the error says so', async () => {
  const installation = temporaryInstallation();
  onTestFinished(installation.remove);
  const run = (...args: string[]) => runCli(args, { env: installation.env });
  const keyFile = join(installation.folder, 'key.txt');
  writeFileSync(keyFile, `'${DJANGO_SITE.secretKey}'\n`);
  await run('migrate');
  const wrong = await run('import', 'django', '--from', await djangoSite(SQLITE), '--secret-key-file', keyFile);
  expect(wrong).toMatchObject({ code: 1, stdout: '' });
  expect(wrong.stderr).toContain('None of the live sessions is signed with this SECRET_KEY, so nothing was imported.');
  expect((await run('sessions', 'count', '--json')).json()).toMatchObject({ sessions: 0 });
  expect((await run('audit', 'list', '--json')).stdout).not.toContain('user_imported');
});

test('imports a custom user model with other column names; sessions outside the database are an error', async () => {
  const installation = temporaryInstallation();
  onTestFinished(installation.remove);
  const run = (...args: string[]) => runCli(args, { env: installation.env });
  const url = await djangoSite(SQLITE, { ...DJANGO_MEMBERS, tables: { club_members: DJANGO_MEMBERS.tables.club_members } });
  const keyFile = join(installation.folder, 'key.txt');
  writeFileSync(keyFile, DJANGO_MEMBERS.secretKey);
  await run('migrate');
  const line = ['import', 'django', '--from', url, '--table', 'club_members', '--column', 'id=member_id', '--column', 'email=mail'];
  const noSessions = await run(...line, '--secret-key-file', keyFile);
  expect(noSessions).toMatchObject({ code: 1, stdout: '' });
  expect(noSessions.stderr).toContain('no table django_session');
  expect((await run(...line, '--json')).json()).toMatchObject({ users: { imported: 4 } });
  const wrong = await run(...line, '--column', 'mail=mail');
  expect(wrong).toMatchObject({ code: 2 });
  expect(wrong.stderr).toContain('Write it as id=member_id');
});
