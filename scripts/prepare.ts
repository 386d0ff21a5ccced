import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fingerprintOf, isCurrent, writeFingerprint } from './fingerprint.ts';

const root = join(import.meta.dirname, '..');
const web = join(root, 'apps/web');

/** The sources of the web app. */
const WEB_INPUTS = [
  'pnpm-lock.yaml',
  'tsconfig.base.json',
  'apps/web/src',
  'apps/web/build',
  'apps/web/public',
  'apps/web/index.html',
  'apps/web/vite.config.ts',
  'packages/client/src',
  'packages/contract/src',
];

/** Generates the typed database client, if it is out of date. */
export async function generateDatabaseClient(): Promise<void> {
  await import('../prisma/generate.ts');
}

/** Builds the web app into apps/web/dist, if its sources have changed. */
export async function buildWebApp(): Promise<void> {
  const output = join(web, 'dist');
  const fingerprint = await fingerprintOf(root, WEB_INPUTS);
  if (isCurrent(output, fingerprint)) return;
  console.log('Building the web app …');
  const began = performance.now();
  try {
    await promisify(execFile)(process.execPath, [join(web, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn'], {
      cwd: web,
      env: { ...process.env, NODE_ENV: 'production' },
    });
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    console.error(`The build of the web app failed:\n${stdout}${stderr}`);
    process.exit(1);
  }
  writeFingerprint(output, fingerprint);
  console.log(`Built in ${((performance.now() - began) / 1000).toFixed(1)} s.`);
}
