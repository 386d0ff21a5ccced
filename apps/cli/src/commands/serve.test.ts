import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { COMPILE_CACHE } from '@gatehouse/prisma/testing/compile-cache';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { cliAtTerminal, hasTerminals } from '../../test-support/at-terminal.ts';
import { runCli } from '../../test-support/run-cli.ts';
import { temporaryInstallation, type Installation } from '../../test-support/temporary-installation.ts';

let installation: Installation;
beforeEach(() => {
  installation = temporaryInstallation();
});
afterEach(() => installation.remove());

function serve(args: readonly string[], env: Record<string, string> = {}) {
  const command = spawn(process.execPath, [join(import.meta.dirname, '../main.ts'), 'serve', ...args], {
    env: { ...installation.env, ...COMPILE_CACHE, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void command.kill('SIGTERM'));
  let output = '';
  for (const stream of [command.stdout, command.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  return {
    exited: once(command, 'close').then(([code]) => code as number),
    output: () => output,
    ready: () => vi.waitUntil(() => /Gatehouse is ready: (\S+)/.exec(output)?.[1], { timeout: 50_000 }),
    kill: (signal: NodeJS.Signals) => command.kill(signal),
  };
}

test('serve starts the server, and SIGTERM stops it as a server stops: the exit code is 0', async () => {
  const server = serve(['--port', '0'], { PORT: '1' });
  const url = await server.ready();
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  server.kill('SIGTERM');
  expect(await server.exited).toBe(0);
  expect(server.output()).toContain('Stopped.');
  await expect(fetch(`${url}/readyz`)).rejects.toThrow('fetch failed');
});

test('SIGINT without a terminal reaches the server, too', async () => {
  const server = serve([], { PORT: '0' });
  await server.ready();
  server.kill('SIGINT');
  expect(await server.exited).toBe(0);
});

test.skipIf(!hasTerminals())('Ctrl+C at a terminal stops the server gracefully, although both processes get the signal', async () => {
  const terminal = cliAtTerminal(['serve', '--port', '0'], { env: { ...installation.env, ...COMPILE_CACHE } });
  await terminal.see('Gatehouse is ready');
  terminal.type('\u0003');
  await terminal.see('Stopped.');
  expect(await terminal.exited).toBe(0);
});

test('a server that does not start says why, and its exit code is that of the command', async () => {
  const server = serve(['--port', '0'], { SESSION_COKIE_AGE: '1' });
  expect(await server.exited).toBe(1);
  expect(server.output()).toContain('SESSION_COKIE_AGE is not a setting');
});

test('a port that is no port is a usage error', async () => {
  expect(await runCli(['serve', '--port', 'http'], { env: installation.env })).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Expected a port'),
  });
});
