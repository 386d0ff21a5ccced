import { DJANGO_SITE, djangoSite, SQLITE } from '@gatehouse/prisma/testing';
import { freePort } from '@gatehouse/prisma/testing/free-port';
import { expect, onTestFinished, test, vi } from 'vitest';
import { runCli } from '../../../test-support/run-cli.ts';
import { temporaryInstallation } from '../../../test-support/temporary-installation.ts';
import { withPassword } from './import-source.ts';

// Connection attempts can be slow on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

test('the URL comes from the environment or from stdin; without a URL, the error says where to set it', async () => {
  const installation = temporaryInstallation();
  onTestFinished(installation.remove);
  const run = (args: readonly string[], { env = {}, input = '' }: { env?: Record<string, string>; input?: string } = {}) =>
    runCli(['import', 'django', '--dry-run', ...args], { env: { ...installation.env, ...env }, input });
  const url = await djangoSite(SQLITE, DJANGO_SITE);
  await runCli(['migrate'], { env: installation.env });
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

test('security 48: an error says where the URL was set, and contains neither its password nor DATABASE_URL', async () => {
  const installation = temporaryInstallation();
  onTestFinished(installation.remove);
  const closedPort = `127.0.0.1:${await freePort()}/site`;
  await runCli(['migrate'], { env: installation.env });
  const run = (args: readonly string[], env: Record<string, string> = {}, input = '') =>
    runCli(['import', 'django', ...args], { env: { ...installation.env, ...env }, input });
  const secret = 's3cr3t-word';
  const results = await Promise.all([
    run([], { GATEHOUSE_IMPORT_URL: `postgresql://reader:${secret}@${closedPort}` }),
    run([], { GATEHOUSE_IMPORT_URL: `mysql://reader:${secret}@${closedPort}` }),
    run(['--from', '-'], {}, `mysql://reader:${secret}@${closedPort}`),
    run(['--from', `mysql://reader@${closedPort}`]),
    run([], { GATEHOUSE_IMPORT_URL: `oracle://reader:${secret}@${closedPort}` }),
    run(['--from', `mysql://reader:${secret}@${closedPort}`]),
  ]);
  const errors = results.map(({ stderr }) => stderr);
  for (const text of errors) expect(text).not.toContain(secret);
  for (const text of errors.slice(0, 5)) expect(text).not.toContain('DATABASE_URL');
  expect(errors[0]).toMatch(/listens .* in GATEHOUSE_IMPORT_URL\./);
  expect(errors[1]).toMatch(/listens .* in GATEHOUSE_IMPORT_URL\./);
  expect(errors[2]).toMatch(/listens .* in the URL on stdin\./);
  expect(errors[3]).toMatch(/listens .* in --from\./);
  expect(errors[4]).toContain('GATEHOUSE_IMPORT_URL must begin with');
  expect(results[5]).toMatchObject({ code: 2, stdout: '' });
  expect(errors[5]).toContain('GATEHOUSE_IMPORT_URL');
});

test.each([
  ['postgresql://reader@db.example/site', 'plain', 'postgresql://reader:plain@db.example/site'],
  [
    'mysql://reader@db.example:3307/site?ssl=true',
    'p@ss:/?#%"ü',
    'mysql://reader:p%40ss%3A%2F%3F%23%25%22%C3%BC@db.example:3307/site?ssl=true',
  ],
  ['mysql://reader@db.example/site', '', 'mysql://reader@db.example/site'],
])('inserts a typed password into %s, percent-encoded', (address, password, expected) => {
  expect(withPassword(address, password)).toBe(expected);
});
