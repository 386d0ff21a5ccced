import { CLASSIC } from '../contenders.ts';
import type { Candidate, Missing } from '../races/candidate.ts';
import { classicOnRedis } from '../races/classic.ts';
import { gatehouseOn, type GatehouseTarget } from '../races/gatehouse.ts';
import { startRaceServer } from '../races/race-server.ts';

// The app of `pnpm races` with one candidate, as a process of its own. BENCH_CANDIDATE is a GatehouseTarget, or that of classic.

const target = JSON.parse(process.env['BENCH_CANDIDATE'] ?? '') as GatehouseTarget;
const candidate: Candidate | Missing = target.name === CLASSIC ? await classicOnRedis(target.redisUrl ?? '') : await gatehouseOn(target);
if ('missing' in candidate) throw new Error(candidate.missing);
await startRaceServer(candidate, Number(process.env['PORT']));
process.on('SIGTERM', () => process.exit(0));
