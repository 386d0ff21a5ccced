import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cliAtTerminal, hasTerminals } from '../../test-support/at-terminal.ts';
import { runCli, spawnCli } from '../../test-support/run-cli.ts';
import { temporaryInstallation } from '../../test-support/temporary-installation.ts';

const SECRET = 'hV3tq8Zk1rX0bN7mC5wE9yU2iO6pA4sD';

const installation = temporaryInstallation();
afterAll(installation.remove);
const env: Record<string, string> = { ...installation.env, SESSION_SECRET: SECRET };

beforeAll(async () => {
  expect((await runCli(['migrate'], { env })).code).toBe(0);
  expect((await runCli(['createuser', 'ada', '--email', 'ada@example.org', '--generate-password'], { env })).code).toBe(0);
});

const evaluate = (code: string, ...args: string[]) => spawnCli(['shell', '--eval', code, ...args], { env });

test('--eval prints the value of the last expression, with await at the top level', async () => {
  const counted = await evaluate(
    'const user = await accounts.findUser("ada");\n({ ...(await sessions.count()), name: user.username })',
    '--json',
  );
  expect(counted.json()).toEqual({ value: { sessions: 0, users: 0, name: 'ada' } });
  expect(await evaluate('`${await prisma.user.count()} account`')).toMatchObject({ code: 0, stdout: '1 account\n', stderr: '' });
  expect(await evaluate('let quiet = 1;')).toMatchObject({ code: 0, stdout: '' });
});

test('code is read from a pipe', async () => {
  const script = `for (const { username } of await accounts.listUsers({ limit: 5 })) {\n  console.log(username);\n}\n`;
  expect(await spawnCli(['shell'], { env, input: script })).toMatchObject({ code: 0, stdout: 'ada\n', stderr: '' });
});

test('dates and arrays of the shell are those of the packages, and changes are audited', async () => {
  const code = `const { id } = await accounts.findUser('ada');
    await accounts.setRole(id, 'admin', { by });
    (await accounts.listAudit({ since: new Date(Date.now() - 3600_000), limit: 5 })).events.map(({ kind, actorKind }) => [kind, actorKind])`;
  expect((await evaluate(code, '--json')).json()).toMatchObject({
    value: expect.arrayContaining([['role_changed', 'command_line']]) as unknown,
  });
});

test.each([
  ['throw new Error("no such thing")', /^Error: no such thing\n/],
  ['await Promise.reject(new TypeError("late"))', /^TypeError: late\n/],
  ['const =', /SyntaxError/],
  ['if (true) {', /SyntaxError/],
  ['await sessions.ofUser("eve")', /^There is no user eve\.\n$/],
])('%s: the error is printed, and the exit code is 1', async (code, message) => {
  const result = await evaluate(code);
  expect(result).toMatchObject({ code: 1, stdout: '' });
  expect(result.stderr).toMatch(message);
});

test('the programs in the guide run', async () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/guide/command-line.md'), 'utf8');
  const programs = [...page.matchAll(/^gatehouse shell --eval '([^']+)'/gm)].map(([, code = '']) => code);
  expect(programs.length).toBeGreaterThan(3);
  for (const code of programs) expect(await evaluate(code)).toMatchObject({ code: 0, stderr: '' });
});

test('the settings in the shell have no secrets', async () => {
  const { stdout } = await evaluate('settings');
  expect(stdout).toContain('set (32 characters)');
  expect(stdout).not.toContain(SECRET);
});

test('without a database, the shell says which command creates it', async () => {
  const elsewhere = { ...env, DATABASE_URL: `file:${installation.folder}/other.db` };
  expect((await spawnCli(['shell', '--eval', '1'], { env: elsewhere })).stderr).toMatch(/There is no database .* gatehouse migrate\n$/);
});

test.skipIf(!hasTerminals())(
  'at a terminal, the prompt has a banner and a history that only its owner can read, and Ctrl+D closes everything',
  async () => {
    const terminal = cliAtTerminal(['shell'], { env });
    await terminal.see('Storage: db (sqlite).');
    await terminal.see(/accounts {3}await accounts\.findUser/);
    await terminal.see('gatehouse> ');
    terminal.type(`(await accounts.findUser('ada')).email\n`);
    await terminal.see(`'ada@example.org'`);
    // An error does not end the prompt.
    terminal.type(`await sessions.ofUser('eve')\n`);
    await terminal.see('There is no user eve.');
    terminal.type('\u0004');
    expect(await terminal.exited).toBe(0);
    const history = join(env['GATEHOUSE_DATA_DIR'] ?? '', 'shell-history');
    expect(readFileSync(history, 'utf8')).toContain('findUser');
    expect(statSync(history).mode & 0o777).toBe(0o600);
  },
);
