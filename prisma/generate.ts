/**
 * Generates the Prisma client of each provider into generated/<provider>.
 *
 *     node prisma/generate.ts
 *
 * Takes milliseconds if the clients are already up to date with the schema and the version of Prisma.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { deriveSchema, PROVIDERS } from './derive-schema.ts';
import type { Provider } from './src/provider.ts';

const root = import.meta.dirname;
const require = createRequire(import.meta.url);

const schema = readFileSync(join(root, 'schema.prisma'), 'utf8');
const version = (require('prisma/package.json') as { version: string }).version;

// In parallel, because each one is a separate process that spends most of its time starting Prisma's command line.
await Promise.all(PROVIDERS.map(generateIfChanged));

async function generateIfChanged(provider: Provider): Promise<void> {
  const inputs = createHash('sha256')
    .update(JSON.stringify([provider, version, schema]))
    .update(readFileSync(join(root, 'derive-schema.ts')))
    .digest('hex');
  const stamp = join(root, 'generated', provider, 'inputs.sha256');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === inputs) return;
  console.log(`Generating the Prisma client for ${provider} …`);
  await generateClient(provider, inputs);
}

/** Generates into a temporary folder and moves it into place, so that no process imports half a client. */
async function generateClient(provider: Provider, inputs: string): Promise<void> {
  const generated = join(root, 'generated');
  mkdirSync(generated, { recursive: true });
  const temporary = mkdtempSync(join(generated, '.new-'));
  try {
    writeFileSync(join(temporary, 'schema.prisma'), deriveSchema(schema, { provider, output: './client' }));
    await runPrisma(['generate', '--schema', 'schema.prisma', '--no-hints'], temporary);
    writeFileSync(join(temporary, 'client', 'inputs.sha256'), inputs);
    // Another process may have moved an equal client into place in between; keep that one.
    rmSync(join(generated, provider), { recursive: true, force: true });
    if (!existsSync(join(generated, provider))) renameSync(join(temporary, 'client'), join(generated, provider));
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

async function runPrisma(args: string[], folder: string): Promise<void> {
  const cli = require.resolve('prisma/build/index.js');
  try {
    await promisify(execFile)(process.execPath, [cli, ...args], {
      cwd: folder,
      // Generating needs no engine binary, but Prisma downloads one unless this names an existing file.
      env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, PRISMA_HIDE_UPDATE_MESSAGE: '1', CHECKPOINT_DISABLE: '1' },
    });
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    console.error(`prisma ${args[0]} failed:\n${stdout}${stderr}`.trim());
    process.exit(1);
  }
}
