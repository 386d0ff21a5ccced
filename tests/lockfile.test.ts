import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const PLATFORMS = ['darwin-arm64', 'darwin-x64', 'linux-arm64', 'linux-x64', 'win32-x64'];

// A package with native code has an optional package per platform. An install may omit those of other platforms from the lockfile, and then
// the package cannot be installed there.
const lockfile = readFileSync(join(import.meta.dirname, '../pnpm-lock.yaml'), 'utf8');
const snapshots = (lockfile.split('\nsnapshots:\n')[1] ?? '').split(/\n\n(?= {2}\S)/);
const native = snapshots
  .filter((snapshot) => /^ {6}\S*linux-x64/m.test(snapshot))
  .map((snapshot) => ({ name: snapshot.split('\n', 1)[0]?.trim() ?? '', snapshot }));

test('some packages have native code', () => {
  expect(native.length).toBeGreaterThan(3);
});

describe.each(native)('$name can be installed', ({ snapshot }) => {
  test.each(PLATFORMS)('on %s', (platform) => {
    expect(snapshot).toMatch(new RegExp(`^ {6}\\S*${platform}`, 'm'));
  });
});
