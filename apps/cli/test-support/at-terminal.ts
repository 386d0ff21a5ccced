import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';

const MAIN = join(import.meta.dirname, '../src/main.ts');

export interface Terminal {
  /** Waits until this is on the screen, after what was seen before. */
  see(text: string | RegExp): Promise<void>;
  type(keys: string): void;
  /** Everything that was printed. */
  output(): string;
  /** The exit code of the program. */
  readonly exited: Promise<number | null>;
}

/** Whether this machine can make terminals for tests. Otherwise tests that need one are skipped; with `CI` set, this throws. */
export function hasTerminals(): boolean {
  if (spawnSync('script', ['--version']).status === 0) return true;
  const text = 'THIS MACHINE LACKS script (Debian: bsdutils), for tests at a terminal.';
  if (process.env['CI']) throw new Error(`${text} Under CI a missing part fails the run.`);
  console.warn(`\n${text}\nThey are skipped.\n`);
  return false;
}

const quoted = (word: string): string => `'${word.replaceAll("'", String.raw`'\''`)}'`;

/** Runs a program at a terminal of its own, with only this environment and PATH. It ends with the test. */
export function programAtTerminal(words: readonly string[], { env, cwd }: { env: Record<string, string>; cwd?: string }): Terminal {
  // Otherwise a terminal of `script` has no columns.
  const child = spawn('script', ['-qec', `stty cols 160 rows 50; exec ${words.map(quoted).join(' ')}`, '/dev/null'], {
    env: { PATH: process.env['PATH'], TERM: 'dumb', SHELL: '/bin/sh', ...env },
    cwd,
  });
  let output = '';
  let seen = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  // The program may end before everything is typed.
  child.stdin.on('error', () => undefined);
  const exited = once(child, 'close').then(([code]) => code as number | null);
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  return {
    async see(text) {
      const pattern = new RegExp(typeof text === 'string' ? text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`) : text, 'g');
      const end = await vi.waitUntil(
        () => {
          pattern.lastIndex = seen;
          return pattern.test(output) && pattern.lastIndex;
        },
        { timeout: 50_000 },
      );
      seen = end;
    },
    type: (keys) => void child.stdin.write(keys),
    output: () => output,
    exited,
  };
}

/** `gatehouse` at a terminal. */
export const cliAtTerminal = (args: readonly string[], options: { env: Record<string, string> }): Terminal =>
  programAtTerminal([process.execPath, MAIN, ...args], options);
