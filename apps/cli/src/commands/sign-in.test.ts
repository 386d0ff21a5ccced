import { once } from 'node:events';
import { chmodSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { openDatabase } from '@gatehouse/prisma';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCli, spawnCli } from '../../test-support/run-cli.ts';
import { runServer, type RunningServer } from '../../test-support/run-server.ts';
import { temporaryInstallation } from '../../test-support/temporary-installation.ts';

/** The command line against a real server in another process. */

const PASSWORD = 'Zebra crossing 東京';
const installation = temporaryInstallation();
const cookies = join(installation.folder, 'config/gatehouse/cookies.json');
let server: RunningServer;

const atServer = (input: string) => ({ env: { ...installation.env, GATEHOUSE_URL: server.url }, input });
const run = (args: string[], input = '') => runCli(args, atServer(input));
const spawn = (args: string[], input = '') => spawnCli(args, atServer(input));

/** Raises the counts of all failed sign-ins, so that further attempts must wait. */
async function slowDown({ seconds }: { seconds: number }): Promise<void> {
  const database = await openDatabase(installation.env['DATABASE_URL'] ?? '');
  const [blockedUntil, expiresAt] = [seconds, seconds + 86_400].map((after) => new Date(Date.now() + after * 1000));
  await database.prisma.limit.updateMany({ data: { failures: 40, blockedUntil: blockedUntil!, expiresAt: expiresAt! } });
  await database.close();
}

beforeAll(async () => {
  server = await runServer(installation.env);
  const created = await run(['createuser', 'ada', '--email', 'ada@example.org', '--password-stdin'], PASSWORD);
  if (created.code !== 0) throw new Error(created.stderr);
});

afterAll(async () => {
  await server.stop();
  installation.remove();
});

test('whoami exits with 3 if nobody is signed in', async () => {
  const { code, stdout, stderr } = await run(['whoami']);
  expect({ code, stdout, stderr }).toEqual({
    code: 3,
    stdout: '',
    stderr: `You are not signed in. (${server.url}) Sign in: gatehouse login\n`,
  });
});

test('a wrong password gives exit code 3', async () => {
  const { code, stdout, stderr } = await run(['login', 'ada', '--password-stdin', '--json'], 'wrong');
  expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
  expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'INVALID_CREDENTIALS' } });
});

test.each(['INVALID_CREDENTIALS', 'INVALID_INPUT', 'INTERNAL', 'of its own'])(
  'security 35: text of a hostile server is printed on one line and without control characters: %s',
  async (reason) => {
    const words = '\u001b[2J\u009b31mred\r\na line of its own';
    const error = {
      message: words,
      code: -32001,
      data: { code: 'UNAUTHORIZED', httpStatus: 401, reason, requestId: words, fields: { a: [words] } },
    };
    const hostile = createServer(
      (_req, res) => void res.writeHead(401, { 'content-type': 'application/json' }).end(JSON.stringify([{ error }])),
    );
    await once(hostile.listen(0, '127.0.0.1'), 'listening');
    try {
      const url = `http://127.0.0.1:${(hostile.address() as AddressInfo).port}`;
      const { code, stderr } = await runCli(['login', 'ada', '--password-stdin', '--url', url], { env: installation.env, input: PASSWORD });
      expect(code).not.toBe(0);
      expect(stderr).toContain('red');
      expect(stderr).toMatch(/^\P{Cc}*\n$/u);
    } finally {
      hostile.close();
    }
  },
);

test('too many attempts give exit code 1 and the time to wait, until `users unlock`', async () => {
  // A new device, which has never signed in.
  const env = { ...installation.env, GATEHOUSE_URL: server.url, XDG_CONFIG_HOME: join(installation.folder, 'stranger') };
  const login = (...more: string[]) => runCli(['login', 'ada@example.org', '--password-stdin', ...more], { env, input: PASSWORD });
  await runCli(['login', 'ada@example.org', '--password-stdin'], { env, input: 'wrong' });
  await slowDown({ seconds: 600 });

  const { code, stdout, stderr } = await login();
  expect({ code, stdout, stderr }).toEqual({ code: 1, stdout: '', stderr: 'Too many attempts. Try again in 10 minutes.\n' });
  const failure = await login('--json');
  expect(JSON.parse(failure.stderr)).toMatchObject({ error: { code: 'TOO_MANY_ATTEMPTS' } });

  const address = await run(['users', 'unlock', '--address', '127.0.0.1', '--json']);
  expect(address.json()).toEqual({ unlocked: '127.0.0.1' });
  expect((await login()).code).toBe(1);
  expect(await run(['users', 'unlock', 'ADA'])).toMatchObject({ code: 0, stdout: 'Unlocked ada.\n' });
  expect(await login()).toMatchObject({ code: 0, stderr: '' });
  expect((await run(['users', 'unlock', '--all', '--json'])).json()).toEqual({ unlocked: 0 });
  expect((await run(['users', 'unlock', '--all'])).stdout).toBe('Nothing to unlock: no failed sign-ins are counted.\n');
  await runCli(['logout'], { env });
});

test.each([
  ['an unknown user', ['nobody'], 1, 'There is no user nobody.'],
  ['no target', [], 2, 'Pass one of'],
  ['two targets', ['ada', '--all'], 2, 'Pass one of'],
  ['an invalid address', ['--address', 'ada'], 2, '"ada" is not an IP address.'],
])('users unlock of %s is refused in one line', async (_, args, code, message) => {
  const result = await run(['users', 'unlock', ...args]);
  expect(result.code).toBe(code);
  expect(result.stderr).toContain(message);
});

test('login, whoami and logout share a session across processes', async () => {
  const login = await spawn(['login', 'ada@example.org', '--password-stdin', '--json'], `${PASSWORD}\n`);
  expect(login.stderr).toBe('');
  const { session } = login.json() as { session: { handle: string } };
  expect(login.json()).toMatchObject({ url: server.url, user: { username: 'ada' } });

  // Only its owner can read the cookie file, and no command prints the secret.
  expect(statSync(cookies).mode & 0o777).toBe(0o600);
  const [, secret = ''] = /"key": "gatehouse\.sid",\s+"value": "([^"]+)"/.exec(readFileSync(cookies, 'utf8')) ?? [];
  expect(secret.length).toBeGreaterThan(20);

  const whoami = await spawn(['whoami']);
  expect(whoami).toMatchObject({ code: 0, stderr: '' });
  expect(whoami.stdout).toContain(`Session       ${session.handle}`);
  expect(whoami.stdout).toMatch(/Expires +in 14 days if not used; in 90 days at the latest/);
  const list = await run(['sessions', 'list', '--user', 'ada', '--json']);
  expect(list.json()).toMatchObject({
    total: 1,
    sessions: [{ handle: session.handle, ip: '127.0.0.1', userAgent: expect.stringContaining('gatehouse-cli') as string }],
  });
  expect(login.stdout + whoami.stdout + list.stdout).not.toContain(secret.slice(0, 20));

  const logout = await run(['logout', '--json']);
  expect(logout.json()).toEqual({ url: server.url, signedOut: true });
  expect(readFileSync(cookies, 'utf8')).not.toContain(secret);
  expect(await run(['logout'])).toMatchObject({ code: 0, stdout: `You were not signed in to ${server.url}.\n` });
});

test('a session that is revoked at the command line is signed out at its next request', async () => {
  await run(['login', 'ada', '--password-stdin'], PASSWORD);
  expect(await run(['sessions', 'revoke', '--user', 'ada'])).toMatchObject({ code: 0, stdout: 'Ended 1 session.\n' });
  expect(await run(['whoami', '--json'])).toMatchObject({ code: 3 });
});

test('a cookie file that others can read is refused, with the fix', async () => {
  chmodSync(cookies, 0o644);
  const { code, stderr } = await run(['whoami']);
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: `Other users can read the cookies in ${cookies}. To fix this: chmod 600 ${cookies}\n`,
  });
});

test('an unreachable server gives exit code 4', async () => {
  const elsewhere = { ...installation.env, XDG_CONFIG_HOME: join(installation.folder, 'elsewhere') };
  const { code, stdout, stderr } = await runCli(['whoami', '--url', 'http://localhost:9'], { env: elsewhere });
  expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
  expect(stderr).toMatch(/^http:\/\/localhost:9 cannot be reached/);
});
