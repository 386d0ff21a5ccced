import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { COMPILE_CACHE } from '@gatehouse/prisma/testing/compile-cache';
import { GENEROUS_LIMITS } from './generous-limits.ts';

const MAIN = [join(import.meta.dirname, '../src/main.ts')];

/** `pnpm dev`. */
export const DEV = [join(import.meta.dirname, '../../../scripts/dev.ts')];

export interface ServerProcess {
  readonly child: ChildProcess;
  /** Everything written to stdout and stderr so far. */
  readonly output: () => string;
  /** The address that the server printed. Rejects if the process exits first. */
  readonly ready: Promise<string>;
  readonly exited: Promise<number | null>;
}

/** A new temporary folder. Disposing of it deletes it. */
export async function temporaryFolder(): Promise<{ path: string; [Symbol.asyncDispose](): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'gatehouse-start-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** Starts the real server as a process, with only the environment variables that it needs. */
export function startServer(dataFolder: string, env: Record<string, string> = {}, command: readonly string[] = MAIN): ServerProcess {
  const child = spawn(process.execPath, command, {
    env: {
      PATH: process.env['PATH'],
      ...COMPILE_CACHE,
      NODE_ENV: 'development',
      LOG_LEVEL: 'warn',
      PORT: '0',
      GATEHOUSE_DATA_DIR: dataFolder,
      ...GENEROUS_LIMITS,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  const exited = new Promise<number | null>((resolve) => void child.on('exit', resolve));
  const ready = new Promise<string>((resolve, reject) => {
    const collect = (chunk: Buffer): void => {
      text += chunk.toString();
      const address = /Gatehouse is ready: (\S+)/.exec(text)?.[1];
      if (address) resolve(address);
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    void exited.then((code) => reject(new Error(`The server ended with ${code}:\n${text}`)));
  });
  ready.catch(() => undefined);
  return { child, output: () => text, ready, exited };
}

/** The users of a first start, and their passwords as it printed them. */
export const demoUsers = (output: string): Map<string, string> =>
  new Map([...output.matchAll(/^ {2}(\w+) +(\S+) +\((user|admin)\)$/gm)].map(([, name = '', password = '']) => [name, password]));
