import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The first one is the same browser without its own windows, which takes a third less processor time. */
const NAMES = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome'];

const candidates = [
  process.env['CHROMIUM_PATH'],
  ...NAMES.flatMap((name) => ['/usr/bin', ...(process.env['PATH'] ?? '').split(delimiter)].map((folder) => join(folder, name))),
];

/** An installed Chromium; undefined if there is none. */
export const chromiumPath = candidates.find((path) => path !== undefined && path !== '' && existsSync(path));

if (chromiumPath === undefined) {
  const message = 'Chromium was not found. Install it (apt-get install chromium), or set CHROMIUM_PATH.';
  // In CI, the run must not pass by skipping the browser tests.
  if (process.env['CI']) throw new Error(message);
  console.warn(`\n${message}\nTHE BROWSER TESTS ARE SKIPPED.\n`);
}
