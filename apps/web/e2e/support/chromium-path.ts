import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

const candidates = [
  process.env['CHROMIUM_PATH'],
  '/usr/bin/chromium',
  ...(process.env['PATH'] ?? '').split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name))),
];

/** An installed Chromium; undefined if there is none. */
export const chromiumPath = candidates.find((path) => path !== undefined && path !== '' && existsSync(path));

if (chromiumPath === undefined) {
  const message = 'Chromium was not found. Install it (apt-get install chromium), or set CHROMIUM_PATH.';
  // In CI, the run must not pass by skipping the browser tests.
  if (process.env['CI']) throw new Error(message);
  console.warn(`\n${message}\nTHE BROWSER TESTS ARE SKIPPED.\n`);
}
