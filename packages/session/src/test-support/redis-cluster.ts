import { setTimeout as sleep } from 'node:timers/promises';
import { startRedis, type RedisServer } from './redis-server.ts';

export interface RedisClusterServers {
  readonly url: string;
  readonly masters: readonly RedisServer[];
  /** Of the first master, then of the second, and so on. */
  readonly replicas: readonly RedisServer[];
  /** Which of the masters has had this slot from the start. */
  ownerOf(slot: number): RedisServer;
  stop(): Promise<void>;
}

const SLOTS = 16_384;
const MASTERS = [0, 1, 2] as const;
const SETTINGS = ['--cluster-enabled', 'yes', '--repl-diskless-sync-delay', '0'];

export interface ClusterOptions {
  readonly replicas?: number;
  /**
   * How long a node is silent until it is taken for gone. Default: longer than any test, as on a busy machine each of them is silent
   * for a second now and then.
   */
  readonly nodeTimeoutMs?: number;
}

/** A cluster of the test's own: three masters, each with as many replicas. */
export async function startRedisCluster({
  replicas: count = 0,
  nodeTimeoutMs = 60_000,
}: ClusterOptions = {}): Promise<RedisClusterServers> {
  const start = (): Promise<RedisServer> => startRedis([...SETTINGS, '--cluster-node-timeout', String(nodeTimeoutMs)]);
  const [masters, replicas] = await Promise.all([
    Promise.all(MASTERS.map(start)),
    Promise.all(MASTERS.flatMap((master) => Array.from({ length: count }, async () => ({ master, node: await start() })))),
  ]);
  const nodes = [...masters, ...replicas.map(({ node }) => node)];
  const bounds = [0, 1, 2, 3].map((part) => Math.floor((SLOTS * part) / 3));
  for (const [part, node] of masters.entries()) {
    await node.command('CLUSTER', 'ADDSLOTSRANGE', String(bounds[part]), String((bounds[part + 1] ?? 0) - 1));
    // Epochs of their own, else they settle it among themselves later.
    await node.command('CLUSTER', 'SET-CONFIG-EPOCH', String(part + 1));
  }
  const [first, ...others] = nodes;
  for (const { port } of others) await first?.command('CLUSTER', 'MEET', '127.0.0.1', String(port));
  const everyNode = async (command: readonly string[], said: RegExp): Promise<void> => {
    while (!(await Promise.all(nodes.map((node) => node.command(...command)))).every((text) => said.test(String(text)))) await sleep(50);
  };
  await everyNode(['CLUSTER', 'INFO'], new RegExp(`cluster_state:ok[^]*cluster_known_nodes:${nodes.length}\\b`));
  await Promise.all(
    replicas.map(async ({ master, node }) => {
      await node.command('CLUSTER', 'REPLICATE', String(await masters[master]?.command('CLUSTER', 'MYID')));
      while (!/master_link_status:up/.test(String(await node.command('INFO', 'replication')))) await sleep(20);
    }),
  );
  // Everyone knows who replicates whom.
  await everyNode(['CLUSTER', 'NODES'], new RegExp(`^(?:[^]*\\bslave\\b){${replicas.length}}`));
  return {
    url: `redis+cluster://${masters.map(({ port }) => `127.0.0.1:${port}`).join(',')}`,
    masters,
    replicas: replicas.map(({ node }) => node),
    ownerOf: (slot) => masters[bounds.findLastIndex((bound) => bound <= slot)] as RedisServer,
    async stop() {
      await Promise.all(nodes.map((node) => node.stop()));
    },
  };
}
