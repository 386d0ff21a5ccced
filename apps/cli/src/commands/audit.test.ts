import { createAccounts } from '@gatehouse/accounts';
import { openDatabase, type Database } from '@gatehouse/prisma';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCli } from '../../test-support/run-cli.ts';
import { temporaryInstallation } from '../../test-support/temporary-installation.ts';

const installation = temporaryInstallation();
const run = (...args: string[]) => runCli(args, { env: installation.env });
const DAY = 86_400_000;

let database: Database;
let ada: string;

beforeAll(async () => {
  await run('migrate');
  await run('createuser', 'ada', '--email', 'ada@example.org', '--name', 'Ada', '--role', 'admin', '--generate-password');
  database = await openDatabase(installation.env['DATABASE_URL'] ?? '');
  const accounts = createAccounts({ database });
  ada = (await accounts.findUser('ada'))?.id ?? '';
  await accounts.recordActivity({
    kind: 'sign_in_failed',
    userId: ada,
    at: new Date(Date.now() - 200 * DAY),
    by: { kind: 'visitor', id: null, ip: '192.0.2.9', userAgent: 'curl' },
  });
  // As if the value had bypassed the filter.
  await database.prisma.activity.update({
    where: { id: (await database.prisma.activity.findFirstOrThrow({ where: { ip: '192.0.2.9' } })).id },
    data: { handle: 'ses_\u001b[2J\nforged' },
  });
});

afterAll(async () => {
  await database.close();
  installation.remove();
});

test('audit list shows who did what, and control characters cannot forge a line', async () => {
  const [all, json, lines, since, wrong] = await Promise.all([
    run('audit', 'list', '--user', 'ada'),
    run('audit', 'list', '--kind', 'user_created', '--json'),
    run('audit', 'list', '--json-lines'),
    run('audit', 'list', '--since', '2026-01-01', '--limit', '1', '--kind', 'sign_in_failed', '--user', ada),
    run('audit', 'list', '--since', 'yesterday'),
  ]);
  const rows = all.stdout.trimEnd().split('\n');
  expect(rows).toHaveLength(3);
  expect(rows[0]).toMatch(/^Time +Event +Account +By +Address +Details$/);
  expect(rows[1]).toMatch(/user_created +ada +command_line +- +role=admin$/);
  expect(rows[2]).toMatch(/sign_in_failed +ada +visitor +192\.0\.2\.9 +ses_.*forged$/);
  expect(all.stdout).not.toContain('\u001b');
  expect(json.json()).toMatchObject({
    events: [{ kind: 'user_created', userId: ada, actorKind: 'command_line', detail: { role: 'admin' } }],
  });
  expect(
    lines.stdout
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { kind: string }).kind),
  ).toEqual(['user_created', 'sign_in_failed']);
  expect(since.stdout).toContain('sign_in_failed');
  expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('2026-11-24') as string });
});

test('audit purge removes entries that are older than AUDIT_RETENTION, and none if it is 0', async () => {
  const kept = await runCli(['audit', 'purge', '--json'], { env: { ...installation.env, AUDIT_RETENTION: '0' } });
  expect(kept.json()).toEqual({ removed: 0 });
  expect((await run('audit', 'purge')).stdout).toBe('Removed 1 event.\n');
  expect(await database.prisma.activity.count()).toBe(1);
});
