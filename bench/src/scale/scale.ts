import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { gatehouse } from '../contenders.ts';
import type { Load } from '../load/load.ts';
import { startContender } from '../load/running-contender.ts';
import { ask } from '../measuring/measured-process.ts';
import type { Services } from '../services.ts';
import { seed } from './seed.ts';
import { seedCountsOf, userName, type StoreTarget } from './store.ts';
import type { Task, TaskResult } from './worker.ts';

/** How often each operation runs. The result is the median. */
const REPEATS = { listDevices: 20, count: 3, revokeAll: 10, purge: 1 } as const;

export type Operation = Task['operation'];

export interface ScaleResult {
  readonly storage: string;
  readonly stored: number;
  readonly operations: Readonly<Partial<Record<Operation, TaskResult>>>;
  /** p99 of `auth.me` during the purge and without it. */
  readonly purgeTraffic: { readonly quietMs: number; readonly purgingMs: number } | undefined;
}

export interface ScaleOptions {
  readonly services: Services;
  readonly load: Load;
  readonly stored: number;
  readonly operations: readonly Operation[];
  readonly connections: number;
  readonly durationMs: number;
  readonly say: (line: string) => void;
}

/** Fills each storage and measures the operations on it. */
export async function measureScale(options: ScaleOptions): Promise<ScaleResult[]> {
  const results: ScaleResult[] = [];
  for (const { name, target } of await targetsOf(options.services)) {
    options.say(`${name}, ${options.stored} sessions …`);
    results.push(await measureStorage(name, target, options));
  }
  return results;
}

async function targetsOf({ newDatabase, redis, mariadb, postgresql }: Services): Promise<{ name: string; target: StoreTarget }[]> {
  return [
    { name: 'db, SQLite', target: { engine: 'db', databaseUrl: await newDatabase('sqlite') } },
    ...(mariadb ? [{ name: 'db, MariaDB', target: { engine: 'db', databaseUrl: await newDatabase('mysql') } as const }] : []),
    ...(postgresql ? [{ name: 'db, PostgreSQL', target: { engine: 'db', databaseUrl: await newDatabase('postgresql') } as const }] : []),
    ...(redis
      ? [
          { name: 'redis', target: { engine: 'redis', databaseUrl: await newDatabase('sqlite'), redisUrl: redis() } as const },
          {
            name: 'cached_db, SQLite',
            target: { engine: 'cached_db', databaseUrl: await newDatabase('sqlite'), redisUrl: redis() } as const,
          },
          { name: 'classic', target: { engine: 'classic', databaseUrl: '', redisUrl: redis() } as const },
        ]
      : []),
  ];
}

async function measureStorage(
  name: string,
  target: StoreTarget,
  { services, load, stored, operations, connections, durationMs }: ScaleOptions,
): Promise<ScaleResult> {
  const counts = seedCountsOf(stored);
  await seed(target, counts);
  const child = fork(join(import.meta.dirname, 'worker.ts'), {
    env: { PATH: process.env['PATH'], NODE_ENV: 'production', NODE_NO_WARNINGS: '1', BENCH_STORE: JSON.stringify(target) },
  });
  const run = (operation: Operation, users: number): Promise<TaskResult> =>
    ask<TaskResult>(child, {
      operation,
      userIds: Array.from({ length: users }, (_, index) => userName((index * 7) % counts.users)),
    } satisfies Task);

  const measured: Partial<Record<Operation, TaskResult>> = {};
  let purgeTraffic: ScaleResult['purgeTraffic'];
  for (const operation of operations) {
    if (operation !== 'purge') measured[operation] = await run(operation, REPEATS[operation]);
    else if (target.engine !== 'classic') {
      const options = {
        name,
        engine: target.engine,
        databaseUrl: target.databaseUrl,
        redisUrl: target.redisUrl,
        dataFolder: services.folder,
      };
      const server = await startContender(gatehouse(options), connections);
      const burst = () => load.burst({ port: server.port, requests: server.me(connections), durationMs });
      // Warm-up.
      await burst();
      const quiet = await burst();
      const [purge, purging] = await Promise.all([run('purge', 1), burst()]);
      measured.purge = purge;
      purgeTraffic = { quietMs: quiet.p99Ms, purgingMs: purging.p99Ms };
      await server.process.stop();
    }
  }
  child.send('close');
  await once(child, 'exit');
  return { storage: name, stored, operations: measured, purgeTraffic };
}
