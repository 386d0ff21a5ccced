import { execFile } from 'node:child_process';
import { globSync } from 'node:fs';
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

/** What the documentation is made of. */
const DOCS_INPUTS = [
  'pnpm-lock.yaml',
  'SECURITY.md',
  'CHANGELOG.md',
  'bench/README.md',
  'bench/RESULTS.md',
  'docs',
  'apps/docs/.vitepress/config.ts',
  'apps/docs/.vitepress/theme',
  'apps/docs/build.ts',
  'apps/docs/guide',
  'apps/docs/public',
  'apps/docs/reference',
  'apps/docs/src',
  'apps/docs/typedoc.json',
  'packages/client/README.md',
  'packages/server/README.md',
  ...['api', 'client', 'contract', 'server', 'session'].map((name) => `packages/${name}/src`),
];

/** Builds the web app into apps/web/dist, if its sources have changed. */
export const buildWebApp = (): Promise<void> =>
  build({
    name: 'web app',
    folder: web,
    inputs: WEB_INPUTS,
    program: [join(web, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn'],
  });

/** Builds the documentation into apps/docs/dist, if its sources have changed. */
export async function buildDocs(): Promise<void> {
  const folder = join(root, 'apps/docs');
  const pages = globSync('apps/docs/*.md', { cwd: root });
  await build({ name: 'documentation', folder, inputs: [...DOCS_INPUTS, ...pages], program: [join(folder, 'build.ts')] });
}

interface Build {
  readonly name: string;
  /** Of the app. The result is in its `dist`. */
  readonly folder: string;
  readonly inputs: readonly string[];
  /** Arguments of node. */
  readonly program: readonly string[];
}

async function build({ name, folder, inputs, program }: Build): Promise<void> {
  const output = join(folder, 'dist');
  const fingerprint = await fingerprintOf(root, inputs);
  if (isCurrent(output, fingerprint)) return;
  console.log(`Building the ${name} …`);
  const began = performance.now();
  try {
    await promisify(execFile)(process.execPath, [...program], { cwd: folder, env: { ...process.env, NODE_ENV: 'production' } });
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    console.error(`The build of the ${name} failed:\n${stdout}${stderr}`);
    process.exit(1);
  }
  writeFingerprint(output, fingerprint);
  console.log(`Built in ${((performance.now() - began) / 1000).toFixed(1)} s.`);
}
