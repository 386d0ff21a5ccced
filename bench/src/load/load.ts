import { fork } from 'node:child_process';
import { join } from 'node:path';
import { ask } from '../measuring/measured-process.ts';
import type { Burst, BurstResult, Sweep } from './generator.ts';

/** Starts the process of the load generator. */
export function startLoad() {
  const child = fork(join(import.meta.dirname, 'generator.ts'), { env: { PATH: process.env['PATH'] } });
  async function run(task: Burst | Sweep): Promise<BurstResult> {
    const answer = await ask<BurstResult | { error: string }>(child, task);
    if ('error' in answer) throw new Error(`The load generator failed: ${answer.error}`);
    return answer;
  }
  return {
    burst: (burst: Burst) => run(burst),
    sweep: (sweep: Sweep) => run(sweep),
    stop: (): void => void child.kill(),
  };
}

export type Load = ReturnType<typeof startLoad>;
