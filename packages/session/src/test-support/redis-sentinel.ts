import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '@gatehouse/prisma/testing/free-port';
import { createClient } from 'redis';
import { REDIS_SERVER, startRedis, type RedisServer } from './redis-server.ts';

export interface RedisBehindSentinel {
  readonly url: string;
  /** The first server is the master until it is killed. */
  readonly servers: readonly RedisServer[];
  /** Waits until the Sentinels know each other and the replicas. Before that, a fail-over is delayed. */
  readyToFailOver(): Promise<void>;
  stop(): Promise<void>;
}

const MASTER = 'mymaster';

export interface SentinelOptions {
  readonly replicas: number;
  /**
   * Silence after which a master counts as down, in milliseconds. Default: longer than any test, so that a busy machine
   * causes no fail-over.
   */
  readonly downAfterMs?: number;
}

/** Starts a master, its replicas, and three Sentinels with a quorum of two. */
export async function startRedisBehindSentinel({ replicas: count, downAfterMs = 60_000 }: SentinelOptions): Promise<RedisBehindSentinel> {
  const master = await startRedis(['--repl-diskless-sync-delay', '0']);
  const replicaOf = ['--replicaof', `127.0.0.1 ${master.port}`, '--repl-diskless-sync-delay', '0'];
  const replicas = await Promise.all(Array.from({ length: count }, () => startRedis(replicaOf)));
  await isReplicatedTo(master, count);
  const sentinels = await Promise.all([1, 2, 3].map(() => startSentinel(master.port, downAfterMs)));
  return {
    url: `redis+sentinel://${sentinels.map(({ port }) => `127.0.0.1:${port}`).join(',')}/${MASTER}`,
    servers: [master, ...replicas],
    readyToFailOver: async () => void (await Promise.all(sentinels.map(({ port }) => knowsAll(port, count)))),
    async stop() {
      await Promise.all([...sentinels, master, ...replicas].map((process) => process.stop()));
    },
  };
}

/** Waits until the replicas have the master's data and follow it. */
export async function isReplicatedTo(master: RedisServer, replicas: number): Promise<void> {
  const online = async (): Promise<number> => String(await master.command('INFO', 'replication')).match(/state=online/g)?.length ?? 0;
  while ((await online()) < replicas) await sleep(20);
}

async function knowsAll(sentinelPort: number, replicas: number): Promise<void> {
  const client = await createClient({ url: `redis://127.0.0.1:${sentinelPort}` }).connect();
  const ask = (...words: string[]): Promise<unknown> => client.sendCommand(['SENTINEL', ...words, MASTER]).catch(() => undefined);
  const knows = async (): Promise<boolean> =>
    String(await ask('CKQUORUM')).startsWith('OK 3') && ((await ask('REPLICAS')) as unknown[] | undefined)?.length === replicas;
  while (!(await knows())) await sleep(50);
  await client.close();
}

async function startSentinel(masterPort: number, downAfterMs: number): Promise<{ port: number; stop: () => Promise<void> }> {
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-sentinel-'));
  const file = join(folder, 'sentinel.conf');
  const settings = [
    `port ${port}`,
    'bind 127.0.0.1',
    `sentinel monitor ${MASTER} 127.0.0.1 ${masterPort} 2`,
    `sentinel down-after-milliseconds ${MASTER} ${downAfterMs}`,
    `sentinel failover-timeout ${MASTER} 3000`,
  ];
  await writeFile(file, settings.join('\n'));
  const child = spawn(REDIS_SERVER, [file, '--sentinel'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  let output = '';
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      // It discovers the replicas and the other Sentinels within seconds.
      if ((output += chunk.toString()).includes('+monitor')) resolve();
    });
    exited.then(() => reject(new Error(`Sentinel ended:\n${output}`)), reject);
  });
  return {
    port,
    async stop() {
      child.kill('SIGKILL');
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
