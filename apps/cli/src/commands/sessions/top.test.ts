import { afterAll, beforeAll, expect, test } from 'vitest';
import { cliAtTerminal, hasTerminals } from '../../../test-support/at-terminal.ts';
import { runCli } from '../../../test-support/run-cli.ts';
import { temporaryInstallation } from '../../../test-support/temporary-installation.ts';

const installation = temporaryInstallation();

beforeAll(() => runCli(['migrate'], { env: installation.env }));
afterAll(installation.remove);

test('without a terminal, sessions top prints once', async () => {
  const { code, stdout } = await runCli(['sessions', 'top'], { env: installation.env });
  expect({ code, stdout: stdout.replace(/^\S+/, '(time)') }).toEqual({
    code: 0,
    stdout: '(time)  sessions: 0  users: 0\n\nNo live sessions.\n',
  });
  expect((await runCli(['sessions', 'top', '--json'], { env: installation.env })).json()).toMatchObject({ total: 0, sessions: [] });
});

test.skipIf(!hasTerminals())(
  'in a terminal, sessions top draws again until q, and leaves the terminal as it was',
  { timeout: 90_000 },
  async () => {
    const terminal = cliAtTerminal(['sessions', 'top', '--interval', '1'], { env: installation.env });
    await terminal.see('\u001b[?1049h');
    await terminal.see('No live sessions.');
    await terminal.see('No live sessions.');
    terminal.type('q');
    expect(await terminal.exited).toBe(0);
    expect(terminal.output()).toMatch(/\?1049l\s*$/);
  },
);
