import { setTimeout as sleep } from 'node:timers/promises';
import { startRedis, type RedisServer } from './redis-server.ts';

export interface RedisClusterServers {
  readonly url: string;
  readonly masters: readonly RedisServer[];
  /** Replicas of the first master, then of the second, and so on. */
  readonly replicas: readonly RedisServer[];
  /** Index of the master that has this slot at the start. */
  ownerOf(slot: number): RedisServer;
  stop(): Promise<void>;
}

const SLOTS = 16_384;
const MASTERS = [0, 1, 2] as const;
const SETTINGS = ['--cluster-enabled', 'yes', '--repl-diskless-sync-delay', '0'];

export interface ClusterOptions {
  readonly replicas?: number;
  /**
   * Silence after which a node counts as down, in milliseconds. Default: longer than any test, because on a busy
   * machine nodes are sometimes silent for a second.
   */
  readonly nodeTimeoutMs?: number;
}

/** Starts a cluster of three masters, each with `replicas` replicas. */
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
    // Sets distinct epochs; otherwise the nodes resolve the conflict later.
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
  // Waits until every node knows all replicas.
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
