import { afterAll, expect, test } from 'vitest';
import { runCli } from '../../test-support/run-cli.ts';
import { temporaryInstallation } from '../../test-support/temporary-installation.ts';

const installation = temporaryInstallation();
afterAll(installation.remove);

const config = (args: readonly string[] = [], env: Record<string, string> = {}) =>
  runCli(['config', ...args], { env: { ...installation.env, ...env } });

test('config shows each setting with its source, and hides secrets and passwords in URLs', async () => {
  const { code, stdout, stderr } = await config([], {
    SESSION_SECRET: 'hV3tq8Zk1rX0bN7mC5wE9yU2iO6pA4sD',
    DATABASE_URL: 'postgresql://app:s3cret@db.test/site',
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^Sessions$/m);
  expect(stdout).toMatch(/^ {2}SESSION_ENGINE +db +default$/m);
  expect(stdout).toMatch(/^ {2}SESSION_SECRET +set \(32 characters\) +environment$/m);
  expect(stdout).toMatch(/^ {2}DATABASE_URL +postgresql:\/\/app:…@db\.test\/site +environment$/m);
  expect(stdout).toMatch(/^ {2}SESSION_COOKIE_NAME +gatehouse\.sid +derived$/m);
  expect(stdout).toMatch(/^ {2}REDIS_URL +not set +default$/m);
  expect(stdout).not.toMatch(/hV3tq8|s3cret/);
});

test('config --changed shows only what is set, and --json one setting with its source', async () => {
  const changed = await config(['--changed', '--json'], { SESSION_FRESH_AGE: '30' });
  const { settings } = changed.json() as { settings: { name: string; source: string }[] };
  expect(settings.map(({ source }) => source)).not.toContain('default');
  // A developer's .env may set more.
  expect(settings.flatMap(({ name, source }) => (source === 'environment' ? [name] : []))).toEqual([
    'SESSION_FRESH_AGE',
    'NODE_ENV',
    'PORT',
    'GATEHOUSE_DATA_DIR',
    'DATABASE_URL',
  ]);
  expect((await config(['SESSION_FRESH_AGE', '--json'], { SESSION_FRESH_AGE: '30' })).json()).toMatchObject({
    settings: [{ name: 'SESSION_FRESH_AGE', value: '30', source: 'environment', overridesFile: false, isSecret: false }],
    problems: [],
  });
});

test('config works with invalid settings: it shows them with the fix, and the exit code is 1', async () => {
  const { code, stdout } = await config([], { PORT: 'http', SESSION_COKIE_AGE: '1', PASSWORD_PEPER: 'x' });
  expect(code).toBe(1);
  expect(stdout).toMatch(/^ {2}PORT +http +environment$/m);
  expect(stdout).toMatch(/^error: PORT must be a port/m);
  expect(stdout).toMatch(/^error: SESSION_COKIE_AGE is not a setting\. Did you mean SESSION_COOKIE_AGE\?$/m);
  expect(stdout).toMatch(/^note: PASSWORD_PEPER, in the environment, is not a setting\. Did you mean PASSWORD_PEPPER\?$/m);
  expect((await config(['PORT'], { SESSION_COKIE_AGE: '1' })).code).toBe(0);
});

test('a setting that does not exist is a usage error', async () => {
  const { code, stderr } = await config(['SESSION_AGE']);
  expect(code).toBe(2);
  expect(stderr).toContain('There is no such setting. To list them: gatehouse config');
});
