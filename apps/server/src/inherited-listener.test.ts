import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer as createHttpServer, request } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { StartError } from '@gatehouse/server';
import { COMPILE_CACHE } from '@gatehouse/prisma/testing/compile-cache';
import { expect, onTestFinished, test, vi } from 'vitest';
import { temporaryFolder } from '../test-support/server-process.ts';
import { inheritedListener } from './inherited-listener.ts';
import { listen } from './listen.ts';

test.each([
  ['7', '1', 3],
  // Left by a parent process.
  ['8', '1', undefined],
  [undefined, undefined, undefined],
])('LISTEN_PID=%s LISTEN_FDS=%s in process 7: descriptor %s', (LISTEN_PID, LISTEN_FDS, expected) => {
  expect(inheritedListener({ LISTEN_PID, LISTEN_FDS }, 7)).toBe(expected);
});

test('several sockets are refused', () => {
  expect(() => inheritedListener({ LISTEN_PID: '7', LISTEN_FDS: '2' }, 7)).toThrow('passes 2 sockets on');
});

test('a descriptor that is no socket prevents the start, with a message that says what to write', async () => {
  const listening = listen(createHttpServer(), { host: '127.0.0.1', port: 0 }, 4242);
  await expect(listening).rejects.toThrow(StartError);
  await expect(listening).rejects.toThrow('Write ListenStream= with an address and a port');
});

/** As systemd does: holds the socket, which is descriptor 3 of the shell, and starts a server again that has ended. */
const SUPERVISOR = `while :; do sh -c 'echo "process $$"; LISTEN_PID=$$ LISTEN_FDS=1 exec "$NODE" "$MAIN"'; done`;

/** A socket that listens, as the third descriptor of a shell that starts servers. No other process has it. */
async function supervise(dataFolder: string) {
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  const { port } = holder.address() as AddressInfo;
  const { fd } = (holder as unknown as { readonly _handle: { readonly fd: number } })._handle;
  const shell = spawn('sh', ['-c', SUPERVISOR], {
    env: {
      PATH: process.env['PATH'],
      ...COMPILE_CACHE,
      NODE: process.execPath,
      MAIN: join(import.meta.dirname, 'main.ts'),
      NODE_ENV: 'development',
      LOG_LEVEL: 'warn',
      // Not used, because there is a socket.
      PORT: '1',
      SHUTDOWN_DRAIN: '0',
      GATEHOUSE_DATA_DIR: dataFolder,
    },
    stdio: ['ignore', 'pipe', 'pipe', fd],
    detached: true,
  });
  holder.close();
  let output = '';
  for (const stream of [shell.stdout, shell.stderr]) stream?.on('data', (chunk: Buffer) => void (output += chunk.toString()));
  const exited = once(shell, 'exit');
  return {
    port,
    output: () => output,
    /** Process ids of all servers so far. */
    servers: () => [...output.matchAll(/^process (\d+)$/gm)].map(([, pid]) => Number(pid)),
    isReady: (times: number) => [...output.matchAll(/Gatehouse is ready: \S+/g)].length >= times,
    async stop() {
      if (shell.pid !== undefined) process.kill(-shell.pid, 'SIGKILL');
      await exited;
    },
  };
}

/** The status of a request on a connection of its own. */
function status(port: number): Promise<number | string> {
  return new Promise((resolve) => {
    const sent = request({ port, host: '127.0.0.1', path: '/trpc/auth.logout', method: 'POST', agent: false }, (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode ?? 0));
      response.once('error', (error: NodeJS.ErrnoException) => resolve(`${error.code}`));
    });
    sent.once('error', (error: NodeJS.ErrnoException) => resolve(`${error.code}`));
    sent.end();
  });
}

test('a server that restarts on a socket of systemd refuses no connection', async () => {
  await using folder = await temporaryFolder();
  const supervisor = await supervise(folder.path);
  onTestFinished(() => supervisor.stop());
  const ready = (times: number) => vi.waitFor(() => expect(supervisor.isReady(times), supervisor.output()).toBe(true), { timeout: 60_000 });
  await ready(1);
  expect(supervisor.output()).toContain(`http://localhost:${supervisor.port}`);

  const results = new Map<number | string, number>();
  let isOver = false;
  const clients = Array.from({ length: 2 }, async () => {
    while (!isOver) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const result = await status(supervisor.port);
      results.set(result, (results.get(result) ?? 0) + 1);
      // oxlint-disable-next-line no-await-in-loop
      await turn();
    }
  });
  for (const times of [2, 3]) {
    process.kill(supervisor.servers().at(-1) as number, 'SIGTERM');
    // oxlint-disable-next-line no-await-in-loop -- one restart after the other
    await ready(times);
  }
  isOver = true;
  await Promise.all(clients);
  // More, if a start has failed on a busy machine: the supervisor repeats it.
  expect(new Set(supervisor.servers()).size).toBeGreaterThanOrEqual(3);
  // Without the header of our clients, which is enough to see that a server has answered.
  expect([...results.keys()]).toEqual([415]);
});
