import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryInstallation } from '../../test-support/temporary-installation.ts';

const MAIN = join(import.meta.dirname, '../main.ts');

/** Runs `gatehouse` with stdout, stderr or both on a full disk. */
async function onFullDisk(args: readonly string[], full: readonly ('stdout' | 'stderr')[]) {
  const installation = temporaryInstallation();
  const disk = openSync('/dev/full', 'w');
  onTestFinished(() => {
    closeSync(disk);
    installation.remove();
  });
  const to = (stream: 'stdout' | 'stderr') => (full.includes(stream) ? disk : 'pipe');
  const child = spawn(process.execPath, [MAIN, ...args], { env: installation.env, stdio: ['ignore', to('stdout'), to('stderr')] });
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const code = await new Promise((resolve) => child.on('close', resolve));
  return { code, stderr };
}

const LOST = 'The result could not be written to stdout: no space left on device (ENOSPC). The command itself was executed.\n';

// Commander prints the help; a command prints its report.
test.skipIf(!existsSync('/dev/full')).each([[['--help']], [['migrate', '--json']]])(
  'if stdout of %j is on a full disk, stderr has one line and the exit code is 1',
  async (args) => {
    expect(await onFullDisk(args, ['stdout'])).toEqual({ code: 1, stderr: LOST });
  },
);

test.skipIf(!existsSync('/dev/full'))('if stderr is on a full disk, the exit code does not change', async () => {
  expect(await onFullDisk(['nonsense'], ['stdout', 'stderr'])).toEqual({ code: 2, stderr: '' });
});
