import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { buildWebApp, generateDatabaseClient } from './prepare.ts';

// `pnpm test [vitest arguments]`: all tests except the long tier (`pnpm test:long`). Reports missing programs first. The tests themselves
// look for MariaDB and PostgreSQL: see prisma/testing/test-databases.ts.
const CHROMIUM = [
  process.env['CHROMIUM_PATH'],
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];
const REDIS_SERVER = process.env['TEST_REDIS_SERVER'] ?? 'redis-server';
const PROGRAMS: readonly (readonly [program: string, purpose: string, debianPackage: string])[] = [
  [REDIS_SERVER, 'the Redis tests', 'redis-server'],
  ['nginx', 'the tests behind a proxy', 'nginx'],
  ['caddy', 'the tests behind a proxy', 'caddy'],
  ['pgbouncer', 'the tests of a connection pooler', 'pgbouncer'],
  ['promtool', 'the test of the alerts', 'prometheus'],
  ['systemd-analyze', 'the test of the systemd unit', 'systemd'],
  ['zsh', 'the tests of shell completion', 'zsh'],
  ['fish', 'the tests of shell completion', 'fish'],
];
const isOnPath = (program: string): boolean =>
  (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)));

const missing = [
  ...(CHROMIUM.some((path) => path !== undefined && existsSync(path))
    ? []
    : ['Chromium, for the browser tests: apt-get install chromium, or set CHROMIUM_PATH']),
  ...PROGRAMS.filter(([program]) => !isOnPath(program)).map(
    ([program, purpose, debianPackage]) => `${program}, for ${purpose}: apt-get install ${debianPackage}`,
  ),
];

if (missing.length > 0) {
  const text = `THIS MACHINE LACKS:\n${missing.map((line) => `  - ${line}`).join('\n')}`;
  if (process.env['CI']) {
    console.error(`${text}\nWith CI set, a missing program fails the run.`);
    process.exit(1);
  }
  console.warn(`\n${text}\nThe tests that need them are skipped.\n`);
}

const options = process.argv.slice(2);
const paths = options.filter((option) => !option.startsWith('-'));
const projects = options.some((option) => option.startsWith('--project')) ? [] : ['--project=unit', '--project=browser'];

await generateDatabaseClient();
// Only tests of the apps start a browser or a server that needs the web app.
const isWithoutApps = paths.length > 0 && paths.every((path) => /^(packages|prisma|tests|bench)(\/|$)/.test(path));
if (!isWithoutApps) await buildWebApp();
const vitest = join(import.meta.dirname, '../node_modules/vitest/vitest.mjs');
const { status } = spawnSync(process.execPath, [vitest, 'run', ...projects, ...options], { stdio: 'inherit' });
process.exit(status ?? 1);
