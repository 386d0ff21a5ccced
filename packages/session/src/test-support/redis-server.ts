import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@gatehouse/prisma/testing/free-port';
import { createClient } from 'redis';

export interface RedisServer {
  readonly port: number;
  readonly url: string;
  /** The current process; `start` creates another one. */
  readonly process: ChildProcess;
  /** Kills it as in a power cut; its folder stays. */
  kill(): Promise<void>;
  /** Starts it again after `kill`, on the same port and folder. */
  start(): Promise<void>;
  /** Sends one command over a separate, direct connection. */
  command(...words: string[]): Promise<unknown>;
  stop(): Promise<void>;
}

/** The program to start as Redis, and with `--sentinel` as Sentinel: set it to test another version, or Valkey. */
export const REDIS_SERVER = process.env['TEST_REDIS_SERVER'] ?? 'redis-server';

/** Whether this machine has Redis. Tests that need it are skipped without it; on CI they fail. */
export const REDIS_AVAILABLE = lookForRedis();

function lookForRedis(): boolean {
  const { error } = spawnSync(REDIS_SERVER, ['--version']);
  if (!error) return true;
  const text = `THIS MACHINE LACKS ${REDIS_SERVER}: ${error.message}`;
  if (process.env['CI']) throw new Error(`${text} Under CI a missing part fails the run.`);
  console.warn(`\n${text}\nThe tests that need it are skipped.\n`);
  return false;
}

/** Starts a Redis with its own folder. `settings`: command line arguments, such as `--appendonly yes`. */
export async function startRedis(settings: readonly string[] = [], at?: { port: number }): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-redis-'));
  const argsOn = (port: number): string[] => ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', ...settings];
  let port = at?.port ?? (await freePort());
  let running: Running | undefined;
  for (let attempt = 1; !running; attempt += 1) {
    try {
      running = await launch(argsOn(port));
    } catch (error) {
      // Another program may have taken the port since it was found free.
      if (at || attempt === MAX_START_ATTEMPTS || !String(error).includes('Address already in use')) throw error;
      port = await freePort();
    }
  }
  const args = argsOn(port);
  let current = running;
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    get process() {
      return current.child;
    },
    kill: () => current.kill(),
    async start() {
      current = await launch(args);
    },
    async command(...words) {
      const client = await createClient({ url: `redis://127.0.0.1:${port}` }).connect();
      return client.sendCommand(words).finally(() => client.destroy());
    },
    async stop() {
      await current.kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const MAX_START_ATTEMPTS = 5;

interface Running {
  readonly child: ChildProcess;
  kill(): Promise<void>;
}

/** Servers that run: a test that failed may have left some. */
const children = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

async function launch(args: readonly string[]): Promise<Running> {
  const child = spawn(REDIS_SERVER, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  children.add(child);
  const exited = once(child, 'exit').finally(() => children.delete(child));
  let output = '';
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      if (output.includes('Ready to accept connections')) return;
      output += chunk.toString();
      if (output.includes('Ready to accept connections')) resolve();
    });
    exited.then(() => reject(new Error(`${REDIS_SERVER} ended:\n${output}`)), reject);
  });
  // A server that was left does not keep the test process alive.
  child.unref();
  (child.stdout as Socket).unref();
  return {
    child,
    async kill() {
      child.ref();
      child.kill('SIGKILL');
      await exited;
    },
  };
}
