import { spawn } from 'node:child_process';
import { join } from 'node:path';

const MAIN = join(import.meta.dirname, '../src/main.ts');

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** What `--json` printed. */
  json(): unknown;
}

/** Runs `gatehouse` as a person's shell does: a process of its own, with only this environment. */
export function runCli(
  args: readonly string[],
  { env, input = '' }: { env: Record<string, string>; input?: string | Buffer },
): Promise<CliResult> {
  const child = spawn(process.execPath, [MAIN, ...args], { env });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  // A command that does not read stdin may be gone before all of it is written.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, ...output, json: (): unknown => JSON.parse(output.stdout) }));
  });
}
