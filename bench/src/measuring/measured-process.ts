import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Question, Usage } from './probe.ts';

const PROBE = join(import.meta.dirname, 'probe.ts');

export interface MeasuredProcess {
  readonly usage: () => Promise<Usage>;
  /** Resident memory after a garbage collection. */
  readonly residentMiB: () => Promise<number>;
  /** The last part of its output, for error messages. */
  readonly output: () => string;
  readonly exited: Promise<number | null>;
  /** Sends SIGTERM. Resolves when the process has exited. */
  readonly stop: () => Promise<void>;
}

export interface ProcessOptions {
  readonly entry: string;
  readonly env: Record<string, string>;
  /** The folder for a CPU profile, which is written when the process stops. */
  readonly profileInto?: string | undefined;
}

/** Starts a process. It inherits only PATH from our environment. */
export function startProcess({ entry, env, profileInto }: ProcessOptions): MeasuredProcess {
  const profiling = profileInto === undefined ? [] : ['--cpu-prof', '--cpu-prof-dir', profileInto];
  const child = fork(entry, {
    execArgv: ['--import', PROBE, ...profiling],
    env: { PATH: process.env['PATH'], NODE_ENV: 'production', NODE_NO_WARNINGS: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let text = '';
  const collect = (chunk: Buffer): void => void (text = (text + chunk.toString()).slice(-4000));
  child.stdout?.on('data', collect);
  child.stderr?.on('data', collect);
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  return {
    usage: () => ask<Usage>(child, 'usage' satisfies Question),
    residentMiB: () => ask<number>(child, 'memory' satisfies Question),
    output: () => text,
    exited,
    async stop() {
      child.kill('SIGTERM');
      const forceStop = setTimeout(() => child.kill('SIGKILL'), 5000);
      await exited;
      clearTimeout(forceStop);
    },
  };
}

/** Sends a message and waits for the reply. Only one call at a time. @throws Error if the process exits */
export async function ask<Answer>(child: ChildProcess, question: unknown): Promise<Answer> {
  const settled = new AbortController();
  const { signal } = settled;
  const gone = once(child, 'exit', { signal }).then(([code]) => {
    throw new Error(`The process ended with ${String(code)} without a reply.`);
  });
  gone.catch(() => undefined);
  try {
    const answer = once(child, 'message', { signal });
    child.send(question as string);
    const [message] = await Promise.race([answer, gone]);
    return message as Answer;
  } finally {
    settled.abort();
  }
}
