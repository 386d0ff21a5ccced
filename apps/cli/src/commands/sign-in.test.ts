import { once } from 'node:events';
import { chmodSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { openDatabase } from '@gatehouse/prisma';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCli, spawnCli } from '../../test-support/run-cli.ts';
import { runServer, type RunningServer } from '../../test-support/run-server.ts';
import { temporaryPlace } from '../../test-support/temporary-place.ts';

/** The command line against the real server, over HTTP, which is another process. */

const PASSWORD = 'Zebra crossing 東京';
const place = temporaryPlace();
const cookies = join(place.folder, 'config/gatehouse/cookies.json');
let server: RunningServer;

const atServer = (input: string) => ({ env: { ...place.env, GATEHOUSE_URL: server.url }, input });
const run = (args: string[], input = '') => runCli(args, atServer(input));
const runAlone = (args: string[], input = '') => spawnCli(args, atServer(input));

/** As if what has failed so far had failed often enough for a wait of so many seconds. */
async function slowDown({ seconds }: { seconds: number }): Promise<void> {
  const database = await openDatabase(place.env['DATABASE_URL'] ?? '');
  const [blockedUntil, expiresAt] = [seconds, seconds + 86_400].map((after) => new Date(Date.now() + after * 1000));
  await database.prisma.limit.updateMany({ data: { failures: 40, blockedUntil: blockedUntil!, expiresAt: expiresAt! } });
  await database.close();
}

beforeAll(async () => {
  server = await runServer(place.env);
  const made = await run(['createuser', 'ada', '--email', 'ada@example.org', '--password-stdin'], PASSWORD);
  if (made.code !== 0) throw new Error(made.stderr);
});

afterAll(async () => {
  await server.stop();
  place.remove();
});

test('nobody is signed in at first: exit code 3', async () => {
  const { code, stdout, stderr } = await run(['whoami']);
  expect({ code, stdout, stderr }).toEqual({
    code: 3,
    stdout: '',
    stderr: `You are not signed in. (${server.url}) Sign in: gatehouse login\n`,
  });
});

test('a wrong password is exit code 3', async () => {
  const { code, stdout, stderr } = await run(['login', 'ada', '--password-stdin', '--json'], 'wrong');
  expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
  expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'INVALID_CREDENTIALS' } });
});

test.each(['INVALID_CREDENTIALS', 'INVALID_INPUT', 'INTERNAL', 'of its own'])(
  'security 35: the words of a hostile server reach the terminal without its controls, on one line: %s',
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
      const { code, stderr } = await runCli(['login', 'ada', '--password-stdin', '--url', url], { env: place.env, input: PASSWORD });
      expect(code).not.toBe(0);
      expect(stderr).toContain('red');
      expect(stderr).toMatch(/^\P{Cc}*\n$/u);
    } finally {
      hostile.close();
    }
  },
);

test('too many attempts are exit code 1 with the time to wait, until `users unlock`', async () => {
  // A device of its own, which never signed in.
  const env = { ...place.env, GATEHOUSE_URL: server.url, XDG_CONFIG_HOME: join(place.folder, 'stranger') };
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
  expect(await run(['users', 'unlock', 'ADA'])).toMatchObject({ code: 0, stdout: 'ada may sign in at once.\n' });
  expect(await login()).toMatchObject({ code: 0, stderr: '' });
  expect((await run(['users', 'unlock', '--all', '--json'])).json()).toEqual({ unlocked: 0 });
  expect((await run(['users', 'unlock', '--all'])).stdout).toBe('No failed sign-ins were counted, so nothing was slowed down.\n');
  await runCli(['logout'], { env });
});

test.each([
  ['a user there is not', ['nobody'], 1, 'There is no user nobody.'],
  ['nothing', [], 2, 'Name one of'],
  ['two things', ['ada', '--all'], 2, 'Name one of'],
  ['what is no address', ['--address', 'ada'], 2, '"ada" is not an address.'],
])('users unlock of %s is refused in a line', async (_, args, code, message) => {
  const result = await run(['users', 'unlock', ...args]);
  expect(result.code).toBe(code);
  expect(result.stderr).toContain(message);
});

test('sign in, stay signed in from process to process, sign out', async () => {
  const login = await runAlone(['login', 'ada@example.org', '--password-stdin', '--json'], `${PASSWORD}\n`);
  expect(login.stderr).toBe('');
  const { session } = login.json() as { session: { handle: string } };
  expect(login.json()).toMatchObject({ url: server.url, user: { username: 'ada' } });

  // Only its owner may read the cookie, and what is shown is not what is in it.
  expect(statSync(cookies).mode & 0o777).toBe(0o600);
  const [, secret = ''] = /"key": "gatehouse\.sid",\s+"value": "([^"]+)"/.exec(readFileSync(cookies, 'utf8')) ?? [];
  expect(secret.length).toBeGreaterThan(20);

  const whoami = await runAlone(['whoami']);
  expect(whoami).toMatchObject({ code: 0, stderr: '' });
  expect(whoami.stdout).toContain(`Session       ${session.handle}`);
  expect(whoami.stdout).toMatch(/Ends +in 14 days if not used; in 90 days at the latest/);
  const list = await run(['sessions', 'list', '--user', 'ada', '--json']);
  expect(list.json()).toMatchObject({
    total: 1,
    sessions: [{ handle: session.handle, ip: '127.0.0.1', userAgent: expect.stringContaining('gatehouse-cli') as string }],
  });
  expect(login.stdout + whoami.stdout + list.stdout).not.toContain(secret.slice(0, 20));

  const logout = await run(['logout', '--json']);
  expect(logout.json()).toEqual({ url: server.url, signedOut: true });
  expect(readFileSync(cookies, 'utf8')).not.toContain(secret);
  expect(await run(['logout'])).toMatchObject({ code: 0, stdout: `You were not signed in at ${server.url}.\n` });
});

test('a session that is ended from the command line is over at the next request', async () => {
  await run(['login', 'ada', '--password-stdin'], PASSWORD);
  expect(await run(['sessions', 'revoke', '--user', 'ada'])).toMatchObject({ code: 0, stdout: 'Ended 1 session.\n' });
  expect(await run(['whoami', '--json'])).toMatchObject({ code: 3 });
});

test('a cookie that others may read is refused with the mend', async () => {
  chmodSync(cookies, 0o644);
  const { code, stderr } = await run(['whoami']);
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: `Other users can read the cookies in ${cookies}. To fix this: chmod 600 ${cookies}\n`,
  });
});

test('a server that is not there is exit code 4', async () => {
  const elsewhere = { ...place.env, XDG_CONFIG_HOME: join(place.folder, 'elsewhere') };
  const { code, stdout, stderr } = await runCli(['whoami', '--url', 'http://localhost:9'], { env: elsewhere });
  expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
  expect(stderr).toMatch(/^http:\/\/localhost:9 cannot be reached/);
});
