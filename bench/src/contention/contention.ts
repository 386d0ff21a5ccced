import { CLASSIC } from '../contenders.ts';
import type { Contender } from '../contender.ts';
import type { BurstResult } from '../load/generator.ts';
import type { Load } from '../load/load.ts';
import { requestText, type RequestParts } from '../load/request-text.ts';
import { startContender, type RunningContender } from '../load/running-contender.ts';
import { createShuffle } from '../load/shuffle.ts';
import type { GatehouseTarget } from '../races/gatehouse.ts';
import type { Services } from '../services.ts';

export interface ContentionSample {
  readonly contender: string;
  readonly round: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly perSecond: number;
  /** Responses with another status than 200. */
  readonly failures: number;
  /** Increments that were acknowledged and are not in the counter; undefined: reads only. */
  readonly lost: { readonly of: number; readonly increments: number } | undefined;
}

export type ContentionMode = 'reads' | 'writes';

export interface ContentionOptions {
  readonly services: Services;
  readonly load: Load;
  readonly contenders: RegExp;
  readonly connections: number;
  readonly rounds: number;
  readonly durationMs: number;
  readonly seed: number;
}

/** Length of the warm-up, in rounds. */
const WARM_UP = 4;

const ME: RequestParts = { method: 'GET', path: '/me' };
const INCREMENT: RequestParts = { method: 'POST', path: '/increment', body: {} };

/** All connections use one session: only to read it, and then with one increment of a counter in ten requests. */
export async function measureContention(options: ContentionOptions): Promise<Record<ContentionMode, ContentionSample[]>> {
  const running: RunningContender[] = [];
  try {
    const contenders = contendersOf(options.services).filter(({ name }) => options.contenders.test(name));
    for (const contender of contenders) running.push(await startContender(contender, 1));
    return { reads: await rounds('reads', running, options), writes: await rounds('writes', running, options) };
  } finally {
    for (const { process: server } of running) await server.stop();
  }
}

async function rounds(
  mode: ContentionMode,
  running: readonly RunningContender[],
  { load, connections, rounds: count, durationMs, seed }: ContentionOptions,
): Promise<ContentionSample[]> {
  const shuffle = createShuffle(seed);
  const samples: ContentionSample[] = [];
  for (let round = 0; round <= count; round += 1) {
    for (const one of shuffle(running)) {
      const headers = { cookie: one.cookies[0] ?? '' };
      const before = await counterOf(one);
      const burst = await load.burst({
        port: one.port,
        requests: Array.from({ length: connections }, () => requestText({ ...ME, headers }, one.port)),
        everyTenth: mode === 'writes' ? requestText({ ...INCREMENT, headers }, one.port) : undefined,
        durationMs: round === 0 ? WARM_UP * durationMs : durationMs,
      });
      const added = (await counterOf(one)) - before;
      if (round > 0) samples.push(sampleOf(burst, { contender: one.contender.name, round, added, mode }));
    }
  }
  return samples;
}

function sampleOf(
  { p50Ms, p99Ms, perSecond, failures, tenths }: BurstResult,
  { contender, round, added, mode }: { contender: string; round: number; added: number; mode: ContentionMode },
): ContentionSample {
  const lost = mode === 'writes' ? { of: tenths, increments: Math.max(0, tenths - added) } : undefined;
  return { contender, round, p50Ms, p99Ms, perSecond, failures, lost };
}

async function counterOf({ port, cookies }: RunningContender): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${port}${ME.path}`, { headers: { cookie: cookies[0] ?? '' } });
  return ((await response.json()) as { count?: number }).count ?? 0;
}

function contendersOf({ sqlite, mariadb, postgresql, redis }: Services): Contender[] {
  return [
    server({ name: 'Gatehouse db, SQLite', engine: 'db', databaseUrl: sqlite }),
    ...(mariadb ? [server({ name: 'Gatehouse db, MariaDB', engine: 'db', databaseUrl: mariadb })] : []),
    ...(postgresql ? [server({ name: 'Gatehouse db, PostgreSQL', engine: 'db', databaseUrl: postgresql })] : []),
    ...(redis
      ? [
          server({ name: 'Gatehouse redis', engine: 'redis', databaseUrl: sqlite, redisUrl: redis() }),
          server({ name: 'Gatehouse redis, near cache', engine: 'redis', databaseUrl: sqlite, redisUrl: redis(), nearCacheSessions: 1000 }),
          server({ name: 'Gatehouse cached_db, SQLite', engine: 'cached_db', databaseUrl: sqlite, redisUrl: redis() }),
          server({ name: CLASSIC, engine: 'redis', databaseUrl: sqlite, redisUrl: redis() }),
        ]
      : []),
  ];
}

const server = (target: GatehouseTarget): Contender => ({
  name: target.name,
  description: '',
  entry: 'bench/src/contention/server.ts',
  env: (port) => ({ BENCH_CANDIDATE: JSON.stringify(target), PORT: String(port) }),
  me: ME,
  signIn: { method: 'POST', path: '/sign-in', body: {} },
  measuresSignIn: false,
  usesRedis: target.redisUrl !== undefined,
});
