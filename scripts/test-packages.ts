import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { REDIS_AVAILABLE, startRedis } from '../packages/session/src/test-support/redis-server.ts';
import { buildPackages } from './packages/build.ts';
import { checkPackages } from './packages/check.ts';
import { openForeignFolder, type ForeignFolder } from './packages/foreign-folder.ts';
import { packPackages } from './packages/pack.ts';
import { root } from './packages/published.ts';
import { startRegistry } from './packages/registry.ts';

// `pnpm test:packages [folder …]`: packs every package, installs the tarballs with plain npm into the folders of tests/foreign, copied to where
// this workspace cannot be seen, checks their types and runs them.

interface ForeignApp {
  readonly folder: string;
  readonly needsRedis?: boolean;
  readonly run: (app: ForeignFolder, env: Readonly<Record<string, string>>) => Promise<void>;
}

/** A server, and a program that talks to it and fails where an answer is wrong. */
const server =
  (file: string, check: string): ForeignApp['run'] =>
  async (app, env) => {
    const { url, stop } = await app.serve(file, env);
    try {
      await app.run('node', [check], { ...env, APP_URL: url });
    } finally {
      await stop();
    }
  };

/** The app of the README, and the robot that signs in to it. */
async function quickStart(app: ForeignFolder, env: Readonly<Record<string, string>>): Promise<void> {
  const password = 'correct horse battery staple';
  const robot = await openForeignFolder('robot', registry.url);
  try {
    await checkTypes(robot);
    await app.run('node', ['add-user.ts', 'robot', password], env);
    const { url, stop } = await app.serve('app.ts', env);
    try {
      await app.run('node', ['check.ts'], { ...env, APP_URL: url, ROBOT_PASSWORD: password });
      await robot.run('node', ['robot.ts'], { APP_URL: url, ROBOT_PASSWORD: password });
    } finally {
      await stop();
    }
  } finally {
    robot.remove();
  }
}

const APPS: readonly ForeignApp[] = [
  { folder: 'quick-start', run: quickStart },
  { folder: 'redis-own-users', needsRedis: true, run: server('app.ts', 'check.ts') },
  { folder: 'express-session', needsRedis: true, run: server('app.ts', 'check.ts') },
  { folder: 'commonjs', run: server('app.js', 'check.js') },
  { folder: 'vite-react', run: async (app) => void (await app.run(join('node_modules', '.bin', 'vite'), ['build'])) },
  { folder: 'connect-socket-io', run: server('app.ts', 'check.ts') },
];

const asked = process.argv.slice(2);
const unknown = asked.filter((folder) => !APPS.some((app) => app.folder === folder));
if (unknown.length > 0) {
  console.error(`There is no ${unknown.join(', ')} here: ${APPS.map(({ folder }) => folder).join(', ')}.`);
  process.exit(1);
}

const began = performance.now();
const seconds = (sinceMs: number): string => `${((performance.now() - sinceMs) / 1000).toFixed(1)} s`;

await buildPackages();
const packed = packPackages();
console.log(`${packed.length} packages built and packed in ${seconds(began)}.`);

const chosen = APPS.filter(({ folder }) => asked.length === 0 || asked.includes(folder));
// Without Redis, `REDIS_AVAILABLE` has said so, and under CI has thrown.
const waiting = chosen.filter(({ needsRedis }) => !needsRedis || REDIS_AVAILABLE);
const skipped = chosen.filter((app) => !waiting.includes(app)).map(({ folder }) => folder);
const failures: string[] = [];
const registry = await startRegistry(packed);
const work = async (): Promise<void> => {
  for (let next = waiting.shift(); next; next = waiting.shift()) await tryApp(next);
};
await Promise.all([tryPackages(), ...Array.from({ length: availableParallelism() }, work)]);
registry.close();
if (skipped.length > 0) console.warn(`SKIPPED, because there is no Redis: ${skipped.join(', ')}.`);
console.log(failures.length === 0 ? `No failures, in ${seconds(began)}.` : `FAILED: ${failures.join(', ')}.`);
process.exit(failures.length === 0 ? 0 : 1);

async function tryPackages(): Promise<void> {
  const start = performance.now();
  const problems = await checkPackages(packed);
  report('imports, publint, attw', problems.length === 0 ? seconds(start) : new Error(problems.join('\n')));
}

async function tryApp({ folder, needsRedis, run }: ForeignApp): Promise<void> {
  const redis = needsRedis ? await startRedis() : undefined;
  let app: ForeignFolder | undefined;
  try {
    const times = [performance.now()];
    app = await openForeignFolder(folder, registry.url);
    times.push(performance.now());
    await checkTypes(app);
    times.push(performance.now());
    await run(app, redis ? { REDIS_URL: redis.url } : {});
    const [install, types, program] = times.map((time, index) => (((times[index + 1] ?? performance.now()) - time) / 1000).toFixed(1));
    report(folder, `installed in ${install} s, types in ${types} s, run in ${program} s`);
  } catch (error) {
    report(folder, error);
  } finally {
    app?.remove();
    await redis?.stop();
  }
}

/** With `skipLibCheck: true` in its tsconfig.json, because a dependency's declarations are not sound, ours are checked still. */
async function checkTypes(app: ForeignFolder): Promise<void> {
  const tsc = join(root, 'node_modules/.bin/tsc');
  await app.run(tsc, ['-p', '.']);
  if (!readFileSync(join(app.path, 'tsconfig.json'), 'utf8').includes('"skipLibCheck": true')) return;
  const errors = await app.run(tsc, ['-p', '.', '--skipLibCheck', 'false']).catch((error: unknown) => String(error));
  const ours = errors.split('\n').filter((line) => /node_modules\/@gatehouse\//.test(line));
  if (ours.length > 0) throw new Error(ours.join('\n'));
}

function report(name: string, outcome: unknown): void {
  if (typeof outcome === 'string') return console.log(`✓ ${name}: ${outcome}`);
  failures.push(name);
  console.error(`✗ ${name}: ${outcome instanceof Error ? outcome.message : String(outcome)}`);
}
