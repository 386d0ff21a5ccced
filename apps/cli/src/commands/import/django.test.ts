import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DJANGO_SITE, djangoSite, SQLITE } from '@gatehouse/prisma/testing';
import { expect, onTestFinished, test, vi } from 'vitest';
import { runCli } from '../../../test-support/run-cli.ts';
import { temporaryPlace } from '../../../test-support/temporary-place.ts';

// Each command is a process of its own.
vi.setConfig({ testTimeout: 60_000 });

test('users and sessions come over, with a reason for each that does not, and a second time nothing', async () => {
  const place = temporaryPlace();
  onTestFinished(place.remove);
  const run = (...args: string[]) => runCli(args, { env: place.env });
  const url = await djangoSite(SQLITE);
  const keyFile = join(place.folder, 'key.txt');
  writeFileSync(keyFile, `${DJANGO_SITE.secretKey}\nan older one\n`);
  await run('migrate');

  const dry = await run('import', 'django', '--from', url, '--secret-key-file', keyFile, '--dry-run');
  expect(dry.stdout).toContain('Nothing is written');
  expect(dry.stdout).toContain('10 users read: 7 imported, 0 brought up to date, 0 here before, 3 refused.');
  expect(dry.stdout).toMatch(/no-mail +refused: has no e-mail address/);
  expect((await run('import', 'django', '--from', url, '--secret-key-file', keyFile, '--json')).json()).toMatchObject({
    users: { imported: 7, refused: 3 },
    sessions: { imported: 4, expired: 1, unreadable: 1, ended: 3 },
  });
  const again = await run('import', 'django', '--from', url, '--secret-key-file', keyFile, '--json');
  // Somebody did not come over: a script has to know.
  expect(again.code).toBe(1);
  expect(again.json()).toMatchObject({ users: { imported: 0, unchanged: 7 }, sessions: { imported: 0, before: 4 } });
  expect((await run('sessions', 'count', '--json')).json()).toMatchObject({ sessions: 4, users: 2 });
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
