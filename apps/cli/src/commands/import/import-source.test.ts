import { DJANGO_SITE, djangoSite, SQLITE } from '@gatehouse/prisma/testing';
import { freePort } from '@gatehouse/prisma/testing/free-port';
import { expect, onTestFinished, test, vi } from 'vitest';
import { runCli } from '../../../test-support/run-cli.ts';
import { temporaryPlace } from '../../../test-support/temporary-place.ts';
import { withPassword } from './import-source.ts';

// Each command is a process of its own.
vi.setConfig({ testTimeout: 60_000 });

test('the address comes from the environment or from stdin; without one it says where to put it', async () => {
  const place = temporaryPlace();
  onTestFinished(place.remove);
  const run = (args: readonly string[], { env = {}, input = '' }: { env?: Record<string, string>; input?: string } = {}) =>
    runCli(['import', 'django', '--dry-run', ...args], { env: { ...place.env, ...env }, input });
  const url = await djangoSite(SQLITE, DJANGO_SITE);
  await runCli(['migrate'], { env: place.env });
  const [fromEnv, fromStdin, none] = await Promise.all([
    run([], { env: { GATEHOUSE_IMPORT_URL: url } }),
    run(['--from', '-'], { input: `${url}\n` }),
    run([], { env: { GATEHOUSE_IMPORT_URL: '' } }),
  ]);
  expect(fromEnv.stdout).toContain('10 users read: 7 imported');
  expect(fromStdin.stdout).toBe(fromEnv.stdout);
  expect(none).toMatchObject({ code: 2, stdout: '' });
  expect(none.stderr).toMatch(/GATEHOUSE_IMPORT_URL.*--from.*--from -/);
});

test('security 48: an error names where the address was given, and neither its password nor DATABASE_URL', async () => {
  const place = temporaryPlace();
  onTestFinished(place.remove);
  const nobody = `127.0.0.1:${await freePort()}/site`;
  await runCli(['migrate'], { env: place.env });
  const run = (args: readonly string[], env: Record<string, string> = {}, input = '') =>
    runCli(['import', 'django', ...args], { env: { ...place.env, ...env }, input });
  const secret = 's3cr3t-word';
  const results = await Promise.all([
    run([], { GATEHOUSE_IMPORT_URL: `postgresql://reader:${secret}@${nobody}` }),
    run([], { GATEHOUSE_IMPORT_URL: `mysql://reader:${secret}@${nobody}` }),
    run(['--from', '-'], {}, `mysql://reader:${secret}@${nobody}`),
    run(['--from', `mysql://reader@${nobody}`]),
    run([], { GATEHOUSE_IMPORT_URL: `oracle://reader:${secret}@${nobody}` }),
    run(['--from', `mysql://reader:${secret}@${nobody}`]),
  ]);
  const said = results.map(({ stderr }) => stderr);
  for (const text of said) expect(text).not.toContain(secret);
  for (const text of said.slice(0, 5)) expect(text).not.toContain('DATABASE_URL');
  expect(said[0]).toMatch(/nothing listens .* in GATEHOUSE_IMPORT_URL\./);
  expect(said[1]).toMatch(/nothing listens .* in GATEHOUSE_IMPORT_URL\./);
  expect(said[2]).toMatch(/nothing listens .* in the address on stdin\./);
  expect(said[3]).toMatch(/nothing listens .* in --from\./);
  expect(said[4]).toContain('GATEHOUSE_IMPORT_URL must begin with');
  expect(results[5]).toMatchObject({ code: 2, stdout: '' });
  expect(said[5]).toContain('GATEHOUSE_IMPORT_URL');
});

test.each([
  ['postgresql://reader@db.example/site', 'plain', 'postgresql://reader:plain@db.example/site'],
  [
    'mysql://reader@db.example:3307/site?ssl=true',
    'p@ss:/?#%"ü',
    'mysql://reader:p%40ss%3A%2F%3F%23%25%22%C3%BC@db.example:3307/site?ssl=true',
  ],
  ['mysql://reader@db.example/site', '', 'mysql://reader@db.example/site'],
])('a password that is asked for goes into %s percent-encoded', (address, password, expected) => {
  expect(withPassword(address, password)).toBe(expected);
});
