import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCli } from '../../test-support/run-cli.ts';
import { temporaryInstallation } from '../../test-support/temporary-installation.ts';

const installation = temporaryInstallation();
const run = (...args: string[]) => runCli(args, { env: installation.env });
const create = (username: string) => run('createuser', username, '--email', `${username}@example.org`, '--generate-password');

beforeAll(async () => {
  await run('migrate');
  await create('ada');
  await run('users', 'role', 'ada', 'admin');
});
afterAll(installation.remove);

/** The events that were printed. */
const kindsOf = (text: string): string[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => (JSON.parse(line) as { kind: string }).kind);

test('events prints the last ones oldest first, one per line, and filters them', async () => {
  expect((await run('events')).stdout).toMatch(/^\S+Z {2}user_created {2}ada .*\n\S+Z {2}role_changed {2}ada .*from=user to=admin\n$/);
  expect(kindsOf((await run('events', '--json', '--limit', '1')).stdout)).toEqual(['role_changed']);
  expect(kindsOf((await run('events', '--json', '--kind', 'user_created')).stdout)).toEqual(['user_created']);
  expect((await run('events', '--user', 'eve')).code).toBe(1);
});

test('events --follow prints new events of other processes, each once, until it is interrupted', { timeout: 60_000 }, async () => {
  const main = join(import.meta.dirname, '../main.ts');
  const child = spawn(process.execPath, [main, 'events', '--follow', '--json'], { env: installation.env });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  const exit = new Promise((resolve) => void child.once('exit', resolve));
  await expect.poll(() => kindsOf(output), { timeout: 30_000 }).toEqual(['user_created', 'role_changed']);
  await create('bob');
  await run('users', 'suspend', 'bob');
  const expected = ['user_created', 'role_changed', 'user_created', 'suspended'];
  await expect.poll(() => kindsOf(output), { timeout: 30_000 }).toEqual(expected);
  await create('zoe');
  await expect.poll(() => kindsOf(output), { timeout: 30_000 }).toEqual([...expected, 'user_created']);
  child.kill('SIGINT');
  expect(await exit).toBe(0);
});
