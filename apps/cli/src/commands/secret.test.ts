import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { sessionSecrets } from '@gatehouse/settings';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runCli } from '../../test-support/run-cli.ts';
import { runServer } from '../../test-support/run-server.ts';
import { temporaryInstallation, type Installation } from '../../test-support/temporary-installation.ts';

const OLD = 'hV3tq8Zk1rX0bN7mC5wE9yU2iO6pA4sD';
const NEW = 'kZ8w3vQn5rT1yXc7bM2pL9dF4hJ6sA0g';

let installation: Installation;
let file: string;
beforeEach(() => {
  installation = temporaryInstallation();
  file = join(installation.folder, 'settings.env');
});
afterEach(() => installation.remove());

const secret = (args: readonly string[], { input = '', ...env }: Record<string, string> = {}) =>
  runCli(['secret', ...args], { env: { ...installation.env, ...env }, input });

const rotate = (args: readonly string[] = [], input = '') => secret(['rotate', '--file', file, ...args], { input });

const secretsIn = (name = 'SESSION_SECRET') => parseEnv(readFileSync(file, 'utf8'))[name]?.split(',');

test('generate prints a secret of 256 bits, another one each time', async () => {
  const [one, two] = [(await secret(['generate'])).stdout, (await secret(['generate'])).stdout];
  expect(one).toMatch(/^[\w-]{43}\n$/);
  expect(two).not.toBe(one);
});

test('rotate puts a new secret in front of the old one, and keeps comments and mode', async () => {
  writeFileSync(file, `# Production\nPORT=3000\nSESSION_SECRET=${OLD} # from 2025\nLOG_LEVEL=warn\n`);
  chmodSync(file, 0o600);
  const { code, stdout, stderr } = await rotate();
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(readFileSync(file, 'utf8')).toMatch(
    new RegExp(`^# Production\\nPORT=3000\\nSESSION_SECRET=[\\w-]{43},${OLD} # from 2025\\nLOG_LEVEL=warn\\n$`),
  );
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(stdout).toMatch(/1 → 2 secrets\.\n- Restart the server\./);
  for (const shown of secretsIn() ?? []) expect(stdout).not.toContain(shown);
});

test('on several servers, the staged secret verifies before it signs, and the old one is removed last', async () => {
  writeFileSync(file, `SESSION_SECRET=${OLD}\n`);
  expect((await rotate(['--stage', '--secret-stdin'], `${NEW}\n`)).code).toBe(0);
  expect(secretsIn()).toEqual([OLD, NEW]);
  expect((await rotate(['--activate', '--json'])).json()).toMatchObject({ setting: 'SESSION_SECRET', before: 2, after: 2, dryRun: false });
  expect(secretsIn()).toEqual([NEW, OLD]);
  const refused = await rotate(['--retire']);
  expect(refused).toMatchObject({ code: 2, stdout: '' });
  expect(refused.stderr).toMatch(/no terminal for a prompt\. Pass --yes/);
  expect(secretsIn()).toEqual([NEW, OLD]);
  expect((await rotate(['--retire', '--yes'])).code).toBe(0);
  expect(secretsIn()).toEqual([NEW]);
});

test('rotate pepper changes PASSWORD_PEPPER', async () => {
  writeFileSync(file, `PASSWORD_PEPPER="${OLD}"\nSESSION_SECRET=${OLD}\n`);
  expect((await rotate(['pepper'])).stdout).toContain('gatehouse secret rotate pepper --retire');
  expect(secretsIn('PASSWORD_PEPPER')).toEqual([expect.stringMatching(/^[\w-]{43}$/), OLD]);
  expect(secretsIn()).toEqual([OLD]);
});

test('--dry-run changes nothing, also without --yes', async () => {
  writeFileSync(file, `SESSION_SECRET=${NEW},${OLD}\n`);
  const { ino } = statSync(file);
  for (const args of [[], ['--stage'], ['--activate'], ['--retire']])
    expect(await rotate([...args, '--dry-run'])).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Dry run, nothing is written/) });
  expect(secretsIn()).toEqual([NEW, OLD]);
  expect(statSync(file).ino).toBe(ino);
});

test.each<[string, string[], string, number, RegExp]>([
  ['a weak secret', ['--secret-stdin'], 'keyboard cat', 1, /^The secret on stdin has 12 characters.*gatehouse secret generate/],
  ['two secrets', ['--secret-stdin'], `${NEW},${NEW}`, 1, /comma/],
  ['the secret that it has', ['--secret-stdin'], OLD, 1, /has this secret already/],
  ['--activate without a staged secret', ['--activate'], '', 1, /only one secret/],
  ['--retire without an old one', ['--retire', '--yes'], '', 1, /only one secret/],
  ['two steps at once', ['--stage', '--retire'], '', 2, /cannot be used with/],
])('rotate refuses %s, and changes nothing', async (_, args, input, code, message) => {
  writeFileSync(file, `SESSION_SECRET=${OLD}\n`);
  const result = await rotate(args, input);
  expect(result).toMatchObject({ code, stdout: '' });
  expect(result.stderr).toMatch(message);
  expect(result.stderr).not.toContain(OLD);
  expect(secretsIn()).toEqual([OLD]);
});

test('a file that does not exist is not created', async () => {
  expect(await rotate()).toMatchObject({ code: 2, stderr: `There is no file ${file}.\n` });
  expect(existsSync(file)).toBe(false);
});

test('a setting that the environment overrides is not rotated in .env', async () => {
  const { code, stderr } = await secret(['rotate', '--dry-run'], { SESSION_SECRET: OLD });
  expect(code).toBe(1);
  expect(stderr).toMatch(/^The environment sets SESSION_SECRET, and overrides .*\.env\./);
});

test('in .env, the secret that the server generated for itself becomes the old one', async () => {
  sessionSecrets({ dataFolder: installation.env['GATEHOUSE_DATA_DIR'] ?? '', session: { secrets: [] } });
  const { stdout } = await secret(['rotate', '--dry-run', '--json']);
  const { before, after } = JSON.parse(stdout) as { before: number; after: number };
  // A developer's .env may have more.
  expect(before).toBeGreaterThan(0);
  expect(after).toBe(before + 1);
});

test('a session survives a rotation and a restart; without the secret that signed it, it ends', async () => {
  const { env, folder } = installation;
  const cookies = join(folder, 'config/gatehouse/cookies.json');
  writeFileSync(file, `SESSION_SECRET=${OLD}\n`);
  const settings = () => ({ ...env, ...(parseEnv(readFileSync(file, 'utf8')) as Record<string, string>) });
  let url = '';
  /** Asks a server with the current secrets who is signed in. Cookies are kept by address, and each start has another port. */
  async function withServer(work: (env: Record<string, string>) => Promise<unknown>): Promise<void> {
    const server = await runServer(settings());
    if (url !== '') writeFileSync(cookies, readFileSync(cookies, 'utf8').replaceAll(url, server.url));
    url = server.url;
    await work({ ...settings(), GATEHOUSE_URL: url }).finally(() => server.stop());
  }
  const exitCode = async (args: readonly string[], at: Record<string, string>, input = '') => (await runCli(args, { env: at, input })).code;

  await withServer(async (at) => {
    expect(await exitCode(['createuser', 'ada', '--email', 'ada@example.org', '--password-stdin'], at, 'Zebra crossing 東京')).toBe(0);
    expect(await exitCode(['login', 'ada', '--password-stdin'], at, 'Zebra crossing 東京')).toBe(0);
  });
  const signedByOld = readFileSync(cookies, 'utf8').replaceAll(url, 'ADDRESS');
  expect((await rotate()).code).toBe(0);
  await withServer(async (at) => expect(await exitCode(['whoami'], at)).toBe(0));
  writeFileSync(cookies, signedByOld.replaceAll('ADDRESS', url));
  expect((await rotate(['--retire', '--yes'])).code).toBe(0);
  await withServer(async (at) => expect(await exitCode(['whoami'], at)).toBe(3));
});
