import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test, vi } from 'vitest';

const APP = join(import.meta.dirname, '../test-support/stopping-server.ts');

/** Starts an app as a process. `slowMs`: how long after the signal a request to /slow takes. */
async function start({ slowMs = 0, ...env }: { slowMs?: number } & Record<string, string | number | undefined> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-stop-'));
  const child = spawn(process.execPath, [APP, String(slowMs)], {
    env: {
      PATH: process.env['PATH'],
      NODE_ENV: 'test',
      LOG_LEVEL: 'error',
      GATEHOUSE_DATA_DIR: folder,
      ...(env as Record<string, string>),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const agent = new Agent({ keepAlive: true });
  onTestFinished(async () => {
    agent.destroy();
    child.kill('SIGKILL');
    await exited;
    rmSync(folder, { recursive: true });
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const says = (word: string) => vi.waitFor(() => expect(output).toContain(word), { timeout: 60_000 });
  await says('port');
  const port = Number(/port (\d+)/.exec(output)?.[1]);
  const ask = (method: string, path: string): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      request({ agent, host: '127.0.0.1', port, method, path }, resolve).on('error', reject).end();
    });
  return { child, exited, port, ask, says, output: () => output };
}

test.each([
  ['one server', {}],
  ['two servers, one of them idle', { TWO_SERVERS: 'true' }],
])('with %s, SIGTERM lets a running request finish, closes Gatehouse, then the app, and exits with 0', async (_which, env) => {
  const { child, exited, ask, says, output } = await start({ slowMs: 500, ...env });
  const slow = ask('POST', '/slow');
  await says('running');
  child.kill('SIGTERM');
  const response = await slow;
  expect([response.statusCode, await text(response)]).toEqual([200, '{"done":["signalled"]}']);
  expect(await exited).toEqual([0, null]);
  expect(output()).toContain('signalled,closed');
});

test('a hook that hangs delays the stop by the grace period only', async () => {
  const { child, exited, output } = await start({ HANGING_HOOK: 'true', SHUTDOWN_GRACE: '0.1' });
  child.kill('SIGTERM');
  expect(await exited).toEqual([0, null]);
  expect(output()).toContain('signalled,closed');
});

test('a later signal exits at once with 1', async () => {
  const { child, exited, ask, says } = await start({ slowMs: 600_000, SHUTDOWN_DRAIN: '60' });
  const slow = ask('POST', '/slow').catch((error: NodeJS.ErrnoException) => error.code);
  await says('running');
  child.kill('SIGTERM');
  await vi.waitFor(async () => expect((await ask('GET', '/readyz').then((response) => response.resume())).statusCode).toBe(503));
  await vi.waitFor(
    () => {
      child.kill('SIGINT');
      expect(child.exitCode).toBe(1);
    },
    { timeout: 30_000, interval: 200 },
  );
  await exited;
  expect(await slow).toBe('ECONNRESET');
});

test('the same signal from the terminal and from a parent process is one', async () => {
  const { child, exited, ask, says } = await start({ slowMs: 500 });
  const slow = ask('POST', '/slow');
  await says('running');
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGINT'] as const) child.kill(signal);
  expect(await text(await slow)).toBe('{"done":["signalled"]}');
  expect(await exited).toEqual([0, null]);
});

test('it drains for SHUTDOWN_DRAIN, and afterwards serves a request on an old connection and closes that with the response', async () => {
  const { child, exited, ask } = await start({ SHUTDOWN_DRAIN: '3' });
  const first = await ask('GET', '/healthz');
  expect(first.headers.connection).toBe('keep-alive');
  await text(first);
  child.kill('SIGTERM');
  let status: number | undefined;
  await vi.waitFor(
    async () => {
      const response = await ask('GET', '/readyz');
      response.resume();
      status = response.statusCode;
      expect(response.headers.connection).toBe('close');
    },
    { timeout: 60_000, interval: 50 },
  );
  expect(status).toBe(503);
  expect(await exited).toEqual([0, null]);
});

test('a connection that has sent nothing does not use up the grace period', async () => {
  const { child, exited, port } = await start({ SHUTDOWN_GRACE: '600' });
  const silent = connect(port, '127.0.0.1');
  silent.on('error', () => undefined);
  await once(silent, 'connect');
  child.kill('SIGTERM');
  expect(await exited).toEqual([0, null]);
});

test('requests that do not finish are cut off after SHUTDOWN_GRACE', async () => {
  const { child, exited, ask, says, output } = await start({ slowMs: 600_000, SHUTDOWN_GRACE: '1' });
  const slow = ask('POST', '/slow').catch((error: NodeJS.ErrnoException) => error.code);
  await says('running');
  child.kill('SIGTERM');
  expect(await slow).toBe('ECONNRESET');
  expect(await exited).toEqual([0, null]);
  expect(output()).toContain('signalled,closed');
});
