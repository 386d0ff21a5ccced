import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryPlace } from '../../test-support/temporary-place.ts';

const MAIN = join(import.meta.dirname, '../main.ts');

/** Runs `gatehouse` with a full disk behind stdout, stderr or both. */
async function onFullDisk(args: readonly string[], full: readonly ('stdout' | 'stderr')[]) {
  const place = temporaryPlace();
  const disk = openSync('/dev/full', 'w');
  onTestFinished(() => {
    closeSync(disk);
    place.remove();
  });
  const to = (stream: 'stdout' | 'stderr') => (full.includes(stream) ? disk : 'pipe');
  const child = spawn(process.execPath, [MAIN, ...args], { env: place.env, stdio: ['ignore', to('stdout'), to('stderr')] });
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const code = await new Promise((resolve) => child.on('close', resolve));
  return { code, stderr };
}

const LOST = 'The result could not be written to stdout: no space left on device (ENOSPC). What the command did is done.\n';

// Commander prints help, commands print reports.
test.skipIf(!existsSync('/dev/full')).each([[['--help']], [['migrate', '--json']]])(
  'a full disk behind stdout of %j is one line on stderr and exit code 1',
  async (args) => {
    expect(await onFullDisk(args, ['stdout'])).toEqual({ code: 1, stderr: LOST });
  },
);

test.skipIf(!existsSync('/dev/full'))('a full disk behind stderr leaves the exit code what it is', async () => {
  expect(await onFullDisk(['nonsense'], ['stdout', 'stderr'])).toEqual({ code: 2, stderr: '' });
});
