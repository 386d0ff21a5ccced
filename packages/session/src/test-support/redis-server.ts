import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@gatehouse/prisma/testing/free-port';
import { createClient } from 'redis';

export interface RedisServer {
  readonly port: number;
  readonly url: string;
  /** The process that runs now; another one after `start`. */
  readonly process: ChildProcess;
  /** Ends it as a power cut does; its folder stays. */
  kill(): Promise<void>;
  /** After `kill`: on the same port and folder. */
  start(): Promise<void>;
  /** One command on a connection of its own, whatever stands between the server and the others. */
  command(...words: string[]): Promise<unknown>;
  stop(): Promise<void>;
}

/** The program that is started as Redis, and with `--sentinel` as Sentinel: another version, or Valkey. */
export const REDIS_SERVER = process.env['TEST_REDIS_SERVER'] ?? 'redis-server';

/** This machine has Redis. Tests that need one are skipped without; under CI its absence fails them. */
export const REDIS_AVAILABLE = lookForRedis();

function lookForRedis(): boolean {
  const { error } = spawnSync(REDIS_SERVER, ['--version']);
  if (!error) return true;
  const text = `THIS MACHINE LACKS ${REDIS_SERVER}: ${error.message}`;
  if (process.env['CI']) throw new Error(`${text} Under CI a missing part fails the run.`);
  console.warn(`\n${text}\nThe tests that need it are skipped.\n`);
  return false;
}

/** A Redis of the test's own, with a folder of its own. `settings`: as on its command line, `--appendonly yes`. */
export async function startRedis(settings: readonly string[] = [], at?: { port: number }): Promise<RedisServer> {
  const port = at?.port ?? (await freePort());
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-redis-'));
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', ...settings];
  let running = await launch(args);
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    get process() {
      return running.child;
    },
    kill: () => running.kill(),
    async start() {
      running = await launch(args);
    },
    async command(...words) {
      const client = await createClient({ url: `redis://127.0.0.1:${port}` }).connect();
      return client.sendCommand(words).finally(() => client.destroy());
    },
    async stop() {
      await running.kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function launch(args: readonly string[]): Promise<{ child: ChildProcess; kill: () => Promise<void> }> {
  const child = spawn(REDIS_SERVER, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  let output = '';
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      if (output.includes('Ready to accept connections')) return;
      output += chunk.toString();
      if (output.includes('Ready to accept connections')) resolve();
    });
    exited.then(() => reject(new Error(`${REDIS_SERVER} ended:\n${output}`)), reject);
  });
  return {
    child,
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
