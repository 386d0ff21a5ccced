import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DJANGO_MEMBERS, DJANGO_SITE, djangoSite, SQLITE } from '@gatehouse/prisma/testing';
import { expect, onTestFinished, test } from 'vitest';
import { runCli } from '../../../test-support/run-cli.ts';
import { temporaryPlace } from '../../../test-support/temporary-place.ts';

test('users and sessions come over, with a reason for each that does not, and a second time nothing', async () => {
  const place = temporaryPlace();
  onTestFinished(place.remove);
  const run = (...args: string[]) => runCli(args, { env: place.env });
  const url = await djangoSite(SQLITE);
  const keyFile = join(place.folder, 'key.txt');
  writeFileSync(keyFile, `${DJANGO_SITE.secretKey}\n${DJANGO_SITE.oldKey}\n`);
  await run('migrate');

  const dry = await run('import', 'django', '--from', url, '--secret-key-file', keyFile, '--dry-run');
  expect(dry.stdout).toContain('Nothing is written');
  expect(dry.stdout).toContain('10 users read: 7 imported, 0 brought up to date, 0 here before, 3 refused.');
  expect(dry.stdout).toMatch(/no-mail +refused: has no e-mail address/);
  expect((await run('import', 'django', '--from', url, '--secret-key-file', keyFile, '--json')).json()).toMatchObject({
    users: { imported: 7, refused: 3 },
    sessions: { imported: 11, expired: 2, unreadable: 3, ended: 4 },
  });
  const again = await run('import', 'django', '--from', url, '--secret-key-file', keyFile, '--json');
  // Somebody did not come over: a script has to know.
  expect(again.code).toBe(1);
  expect(again.json()).toMatchObject({ users: { imported: 0, unchanged: 7 }, sessions: { imported: 0, before: 11 } });
  expect((await run('sessions', 'count', '--json')).json()).toMatchObject({ sessions: 11, users: 2 });
});

test('a database that is not there is not made, and no key is asked for on the command line', async () => {
  const place = temporaryPlace();
  onTestFinished(place.remove);
  const run = (...args: string[]) => runCli(args, { env: place.env });
  await run('migrate');
  const missing = join(place.folder, 'none.sqlite3');
  const [none, noKey, noTable] = await Promise.all([
    run('import', 'django', '--from', `file:${missing}`),
    run('import', 'django', '--from', `file:${missing}`, '--secret-key-file', join(place.folder, 'nothing')),
    run('import', 'django', '--from', place.env['DATABASE_URL'] ?? ''),
  ]);
  expect(none).toMatchObject({ code: 4, stdout: '' });
  expect(none.stderr).toContain('there is no file');
  expect(existsSync(missing)).toBe(false);
  expect(noKey).toMatchObject({ code: 2 });
  expect(noTable).toMatchObject({ code: 1, stderr: "There is no table auth_user in that database. Name Django's with --table.\n" });
});

test('with a wrong SECRET_KEY nothing is brought, users neither, and it says so', async () => {
  const place = temporaryPlace();
  onTestFinished(place.remove);
  const run = (...args: string[]) => runCli(args, { env: place.env });
  const keyFile = join(place.folder, 'key.txt');
  writeFileSync(keyFile, `'${DJANGO_SITE.secretKey}'\n`);
  await run('migrate');
  const wrong = await run('import', 'django', '--from', await djangoSite(SQLITE), '--secret-key-file', keyFile);
  expect(wrong).toMatchObject({ code: 1, stdout: '' });
  expect(wrong.stderr).toContain('None of the live sessions is signed with this SECRET_KEY, so nothing was brought.');
  expect((await run('sessions', 'count', '--json')).json()).toMatchObject({ sessions: 0 });
  expect((await run('audit', 'list', '--json')).stdout).not.toContain('user_imported');
});

test('a user model of one’s own, its columns named, and sessions that are not in the database', async () => {
  const place = temporaryPlace();
  onTestFinished(place.remove);
  const run = (...args: string[]) => runCli(args, { env: place.env });
  const url = await djangoSite(SQLITE, { ...DJANGO_MEMBERS, tables: { club_members: DJANGO_MEMBERS.tables.club_members } });
  const keyFile = join(place.folder, 'key.txt');
  writeFileSync(keyFile, DJANGO_MEMBERS.secretKey);
  await run('migrate');
  const line = ['import', 'django', '--from', url, '--table', 'club_members', '--column', 'id=member_id', '--column', 'email=mail'];
  const noSessions = await run(...line, '--secret-key-file', keyFile);
  expect(noSessions).toMatchObject({ code: 1, stdout: '' });
  expect(noSessions.stderr).toContain('There is no table django_session');
  expect((await run(...line, '--json')).json()).toMatchObject({ users: { imported: 4 } });
  const wrong = await run(...line, '--column', 'mail=mail');
  expect(wrong).toMatchObject({ code: 2 });
  expect(wrong.stderr).toContain('Write it as id=member_id');
});
