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
  /** Number of the first round. */
  readonly first: number;
  readonly durationMs: number;
  /** Length of the warm-up, in rounds. */
  readonly warmUp: number;
  readonly seed: number;
}

/**
 * Runs every contender once per round, in a new random order, so that other load on the machine affects all of them
 * alike. The warm-up is not counted.
 */
export async function runRounds(options: RoundsOptions): Promise<Round[]> {
  const { running, requests, load, services, rounds, first, durationMs, warmUp, seed } = options;
  const shuffle = createShuffle(seed);
  const results: Round[] = [];
  for (let index = 0; index <= rounds; index += 1) {
    const isWarmUp = index === 0;
    for (const one of shuffle(running)) {
      const { contender, port, process } = one;
      const [before, redisBefore] = await Promise.all([process.usage(), services.redisCpuMs()]);
      const burst = await load.burst({ port, requests: requests(one), durationMs: isWarmUp ? warmUp * durationMs : durationMs });
      const [after, redisAfter] = await Promise.all([process.usage(), services.redisCpuMs()]);
      if (burst.failures > 0)
        throw new Error(`${contender.name}: ${burst.failures} of ${burst.requests} requests failed.\n${process.output()}`);
      if (isWarmUp) continue;
      results.push({
        contender: contender.name,
        round: first + index - 1,
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
