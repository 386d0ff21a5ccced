import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '@gatehouse/prisma/testing/free-port';
import type { Contender } from '../contender.ts';
import { ROOT, signIn } from '../load/running-contender.ts';
import { createShuffle } from '../load/shuffle.ts';
import { startProcess } from '../measuring/measured-process.ts';

export interface StartSample {
  readonly contender: string;
  readonly round: number;
  /** From the start of the process to the first sign that it is ready. */
  readonly readyMs: number;
}

export interface StartOptions {
  readonly contenders: readonly Contender[];
  readonly starts: number;
  readonly seed: number;
  /** For the compile caches of the contenders. */
  readonly folder: string;
  readonly say: (line: string) => void;
}

/** Interval of the checks whether the server is ready, and so the resolution of the times. */
const POLL_MS = 10;
const LIMIT_MS = 120_000;

const BY_PNPM_START = ', by pnpm start';

/**
 * Starts each contender once per round, in a new random order. The first round fills the compile cache, applies the
 * migrations and builds what is out of date; it is not counted.
 */
export async function measureStarts({ contenders, starts, seed, folder, say }: StartOptions): Promise<StartSample[]> {
  const cache = { NODE_COMPILE_CACHE: join(folder, 'compiled') };
  const cached = contenders.map((contender) => ({ ...contender, env: (port: number) => ({ ...contender.env(port), ...cache }) }));
  const [whole] = contenders.filter(({ readyPath }) => readyPath !== undefined);
  const all = [...cached, ...(whole ? [{ ...whole, name: whole.name + BY_PNPM_START, entry: 'scripts/start.ts' }] : [])];
  const shuffle = createShuffle(seed);
  const samples: StartSample[] = [];
  for (let round = 0; round <= starts; round += 1) {
    say(round === 0 ? 'Starts that fill the compile cache …' : `Starts, round ${round} …`);
    for (const contender of shuffle(all)) {
      const readyMs = await startOnce(contender);
      if (round > 0) samples.push({ contender: contender.name, round, readyMs });
    }
  }
  return samples;
}

async function startOnce(contender: Contender): Promise<number> {
  const port = await freePort();
  const began = performance.now();
  const server = startProcess({ entry: resolve(ROOT, contender.entry), env: contender.env(port) });
  let hasExited = false;
  void server.exited.then(() => (hasExited = true));
  try {
    while (!(await isReady(contender, port))) {
      if (hasExited || performance.now() - began > LIMIT_MS) throw new Error(`${contender.name} did not start.\n${server.output()}`);
      await pause(POLL_MS);
    }
    return performance.now() - began;
  } finally {
    // Writes the compile cache.
    await server.stop();
  }
}

async function isReady(contender: Contender, port: number): Promise<boolean> {
  try {
    if (contender.readyPath === undefined) return (await signIn(contender, port)) !== '';
    const response = await fetch(`http://127.0.0.1:${port}${contender.readyPath}`);
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}
