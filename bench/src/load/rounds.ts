import type { Services } from '../services.ts';
import type { Load } from './load.ts';
import type { RunningContender } from './running-contender.ts';
import { createShuffle } from './shuffle.ts';

export interface Round {
  readonly contender: string;
  readonly round: number;
  /** User and system time of the server's process. */
  readonly cpuUsPerRequest: number;
  /** CPU time of the Redis process; undefined without Redis. */
  readonly redisUsPerRequest: number | undefined;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly perSecond: number;
}

export interface RoundsOptions {
  readonly running: readonly RunningContender[];
  readonly requests: (running: RunningContender) => readonly string[];
  readonly load: Load;
  readonly services: Services;
  readonly rounds: number;
  readonly durationMs: number;
  readonly seed: number;
}

/** Length of the warm-up, in rounds: long enough for the JIT compiler. */
const WARM_UP = 4;

/**
 * Runs every contender once per round, in a new random order, so that other load on the machine affects all of them
 * alike. The first round is a warm-up and is not counted.
 */
export async function runRounds({ running, requests, load, services, rounds, durationMs, seed }: RoundsOptions): Promise<Round[]> {
  const shuffle = createShuffle(seed);
  const results: Round[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    for (const one of shuffle(running)) {
      const { contender, port, process } = one;
      const [before, redisBefore] = await Promise.all([process.usage(), services.redisCpuMs()]);
      const burst = await load.burst({ port, requests: requests(one), durationMs: round === 0 ? WARM_UP * durationMs : durationMs });
      const [after, redisAfter] = await Promise.all([process.usage(), services.redisCpuMs()]);
      if (burst.failures > 0)
        throw new Error(`${contender.name}: ${burst.failures} of ${burst.requests} requests failed.\n${process.output()}`);
      if (round === 0) continue;
      results.push({
        contender: contender.name,
        round,
        cpuUsPerRequest: (1000 * (after.cpuMs - before.cpuMs)) / burst.requests,
        redisUsPerRequest: contender.usesRedis ? (1000 * (redisAfter - redisBefore)) / burst.requests : undefined,
        p50Ms: burst.p50Ms,
        p99Ms: burst.p99Ms,
        perSecond: burst.perSecond,
      });
    }
  }
  return results;
}
