import type { Contender } from '../contender.ts';
import type { Load } from '../load/load.ts';
import { requestText } from '../load/request-text.ts';
import { startContender } from '../load/running-contender.ts';
import { createShuffle } from '../load/shuffle.ts';
import { BENCH_USER } from '../services.ts';
import { sharedStorageOf, storeCookies } from './store-cookies.ts';

/** Sizes of one server process, in MiB. */
export interface MemorySample {
  readonly contender: string;
  readonly round: number;
  /** After one sign-in and one `auth.me`, and a garbage collection. */
  readonly atRestMiB: number;
  /** After each session was used once, and a garbage collection. */
  readonly inUseMiB: number;
  /** The largest until then. */
  readonly peakMiB: number;
}

export interface MemoryOptions {
  readonly contenders: readonly Contender[];
  readonly load: Load;
  /** Starts per contender. */
  readonly starts: number;
  /** How many sessions are used, each by one request. */
  readonly inUse: number;
  readonly connections: number;
  readonly seed: number;
  readonly say: (line: string) => void;
}

/** Starts each contender alone, one after the other, so that the machine's memory is not short. */
export async function measureMemory({ contenders, starts, seed, say, ...options }: MemoryOptions): Promise<MemorySample[]> {
  const shuffle = createShuffle(seed);
  const stored = new Map<string, readonly string[]>();
  const samples: MemorySample[] = [];
  for (let round = 1; round <= starts; round += 1)
    for (const contender of shuffle(contenders)) {
      say(`${contender.name}, start ${round} …`);
      samples.push({ contender: contender.name, round, ...(await measureOnce(contender, stored, options)) });
    }
  return samples;
}

async function measureOnce(
  contender: Contender,
  stored: Map<string, readonly string[]>,
  { load, inUse, connections }: Pick<MemoryOptions, 'load' | 'inUse' | 'connections'>,
) {
  const { process: server, port, me } = await startContender(contender, 1);
  try {
    const use = async (requests: readonly string[]): Promise<void> => {
      const { failures } = await load.sweep({ port, requests, connections });
      if (failures > 0) throw new Error(`${contender.name}: ${failures} of ${requests.length} requests failed.\n${server.output()}`);
    };
    await use(me(1));
    const atRestMiB = await server.residentMiB();
    const cookies = stored.get(sharedStorageOf(contender)) ?? (await storeCookies(contender, inUse));
    stored.set(sharedStorageOf(contender), cookies);
    await requireSignedIn(contender, { port, cookie: cookies[0] ?? '' });
    await use(cookies.map((cookie) => requestText({ ...contender.me, headers: { cookie } }, port)));
    const { peakMiB } = await server.usage();
    return { atRestMiB, inUseMiB: await server.residentMiB(), peakMiB };
  } finally {
    await server.stop();
  }
}

/** Some answer 200 to an unknown session as well. */
async function requireSignedIn({ name, me }: Contender, { port, cookie }: { port: number; cookie: string }): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${port}${me.path}`, { headers: { cookie, 'x-requested-with': 'XMLHttpRequest' } });
  const text = await response.text();
  if (!text.includes(BENCH_USER.name))
    throw new Error(`${name} does not know the stored sessions: ${response.status} ${text.slice(0, 300)}`);
}
