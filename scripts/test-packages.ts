import { execFile } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { REDIS_AVAILABLE, startRedis } from '../packages/session/src/test-support/redis-server.ts';
import { buildPackages } from './packages/build.ts';
import { checkPackages } from './packages/check.ts';
import { FOREIGN_APPS, type ForeignApp } from './packages/foreign-apps.ts';
import { otherNodes } from './packages/other-nodes.ts';
import { packPackages } from './packages/pack.ts';
import { startRegistry } from './packages/registry.ts';

// `pnpm test:packages [name …]`: packs every package, and installs the tarballs with plain npm where this workspace cannot be seen: into the
// folders of tests/foreign and into apps of `npm create gatehouse`. Checks their types and runs them. Compares the API with api-reports.

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !FOREIGN_APPS.some((app) => app.name === name));
if (unknown.length > 0) {
  console.error(`There is no ${unknown.join(', ')} here: ${FOREIGN_APPS.map(({ name }) => name).join(', ')}.`);
  process.exit(1);
}

const began = performance.now();
const seconds = (sinceMs: number): string => `${((performance.now() - sinceMs) / 1000).toFixed(1)} s`;

await buildPackages();
const packed = packPackages();
console.log(`${packed.length} packages built and packed in ${seconds(began)}.`);

const chosen = FOREIGN_APPS.filter(({ name }) => asked.length === 0 || asked.includes(name));
// Without Redis, `REDIS_AVAILABLE` has said so, and under CI has thrown.
const waiting = chosen.filter(({ needsRedis }) => !needsRedis || REDIS_AVAILABLE);
const skipped = chosen.filter((app) => !waiting.includes(app)).map(({ name }) => name);
const failures: string[] = [];
const registry = await startRegistry(packed);
const nodes = otherNodes(registry.url);
const createTarball = packed.find(({ name }) => name === 'create-gatehouse')?.tarball ?? '';
const work = async (): Promise<void> => {
  for (let next = waiting.shift(); next; next = waiting.shift()) await tryApp(next);
};
await Promise.all([tryPackages(), ...(asked.length === 0 ? [tryApi()] : []), ...Array.from({ length: availableParallelism() + 1 }, work)]);
nodes.remove();
registry.close();
if (skipped.length > 0) console.warn(`SKIPPED, because there is no Redis: ${skipped.join(', ')}.`);
console.log(failures.length === 0 ? `No failures, in ${seconds(began)}.` : `FAILED: ${failures.join(', ')}.`);
process.exit(failures.length === 0 ? 0 : 1);

async function tryPackages(): Promise<void> {
  const start = performance.now();
  const problems = await checkPackages(packed);
  report('imports, publint, attw', problems.length === 0 ? seconds(start) : new Error(problems.join('\n')));
}

/** In a process of its own, because it computes for seconds. */
async function tryApi(): Promise<void> {
  const start = performance.now();
  const script = join(import.meta.dirname, 'api-report.ts');
  await promisify(execFile)(process.execPath, [script, '--built', '--check']).then(
    () => report('api reports', seconds(start)),
    ({ stderr }: { stderr: string }) => report('api reports', new Error(stderr.trim())),
  );
}

async function tryApp({ name, needsRedis, run }: ForeignApp): Promise<void> {
  const redis = needsRedis ? await startRedis() : undefined;
  try {
    report(name, await run({ registryUrl: registry.url, nodes, createTarball }, redis ? { REDIS_URL: redis.url } : {}));
  } catch (error) {
    report(name, error);
  } finally {
    await redis?.stop();
  }
}

function report(name: string, outcome: unknown): void {
  if (typeof outcome === 'string') return console.log(`✓ ${name}: ${outcome}`);
  failures.push(name);
  console.error(`✗ ${name}: ${outcome instanceof Error ? outcome.message : String(outcome)}`);
}
