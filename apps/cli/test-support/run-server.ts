import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { COMPILE_CACHE } from '@gatehouse/prisma/testing/compile-cache';

const MAIN = join(import.meta.dirname, '../../server/src/main.ts');

export interface RunningServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts the real server in its own process. Resolves when the server prints its URL. */
export function runServer(env: Record<string, string>): Promise<RunningServer> {
  const child = spawn(process.execPath, [MAIN], {
    env: { ...env, ...COMPILE_CACHE, PORT: '0', LOG_LEVEL: 'silent' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => void child.once('exit', () => resolve()));
  return new Promise((resolve, reject) => {
    let output = '';
    const listen = (text: string): void => {
      output += text;
      const url = /Gatehouse is ready: (\S+)/.exec(output)?.[1];
      if (url === undefined) return;
      resolve({
        url,
        stop() {
          child.kill('SIGTERM');
          return ended;
        },
      });
    };
    child.stdout.setEncoding('utf8').on('data', listen);
    child.stderr.setEncoding('utf8').on('data', listen);
    child.once('error', reject);
    void ended.then(() => reject(new Error(`The server ended: ${output}`)));
  });
}
