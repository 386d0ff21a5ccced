import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { COMPILE_CACHE } from '@gatehouse/prisma/testing/compile-cache';
import { createBrowser, type Answer, type Browser } from './browser.ts';

const SERVER = join(import.meta.dirname, 'race-server.ts');

export interface RaceServer {
  readonly url: string;
  /** Stops the process where it is, as a debugger or an overloaded machine does, until it is continued. */
  pause(): void;
  continue(): void;
  stop(): Promise<void>;
}

/** A process of `race-server.ts`, which ends with the test process. */
export async function startRaceServer(env: Record<string, string>): Promise<RaceServer> {
  const child: ChildProcess = spawn(process.execPath, [SERVER], {
    env: { PATH: process.env['PATH'], ...COMPILE_CACHE, NODE_ENV: 'test', RACE_SECRET: 'a secret of the race suite', ...env },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const exited = once(child, 'exit');
  const port = await new Promise<string>((resolve, reject) => {
    let output = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const found = /port (\d+)/.exec(output)?.[1];
      if (found !== undefined) resolve(found);
    });
    exited.then(() => reject(new Error(`The server ended: ${output}`)), reject);
  });
  return {
    url: `http://127.0.0.1:${port}`,
    pause: () => void child.kill('SIGSTOP'),
    continue: () => void child.kill('SIGCONT'),
    async stop() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

/** A copy of the browser's current cookies, sent to another process, as for requests in flight. */
export function sameBrowserAt(url: string, browser: Browser): Browser {
  const other = createBrowser(url);
  for (const [name, value] of browser.cookies) other.cookies.set(name, value);
  return other;
}

/** The same browser at another process: they share their cookies. */
export const oneBrowserAt = (url: string, { cookies }: Browser): Browser => createBrowser(url, cookies);

/** Numbers of requests and responses of a race. */
export interface Figures {
  sent: number;
  answered: number;
  longestMs: number;
}

/** Counts a request, and its response unless the server failed. */
export async function counting(figures: Figures, request: Promise<Answer>): Promise<Answer> {
  figures.sent += 1;
  const begun = performance.now();
  const answer = await request;
  if (answer.status < 500) figures.answered += 1;
  figures.longestMs = Math.max(figures.longestMs, performance.now() - begun);
  return answer;
}
