import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

const candidates = [
  process.env['CHROMIUM_PATH'],
  '/usr/bin/chromium',
  ...(process.env['PATH'] ?? '').split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name))),
];

/** A browser of this machine; undefined if there is none. */
export const chromiumPath = candidates.find((path) => path !== undefined && path !== '' && existsSync(path));

if (chromiumPath === undefined) {
  const message = 'No Chromium on this machine: install it (apt-get install chromium), or set CHROMIUM_PATH.';
  // A run that was asked to prove something must not pass by leaving it out.
  if (process.env['CI']) throw new Error(message);
  console.warn(`\n${message}\nTHE BROWSER TESTS ARE SKIPPED.\n`);
}
