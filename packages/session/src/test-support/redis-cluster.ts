import { setTimeout as sleep } from 'node:timers/promises';
import { startRedis } from './redis-server.ts';

export interface RedisClusterServers {
  readonly url: string;
  stop(): Promise<void>;
}

const SLOTS = 16_384;

/** A cluster of the test's own: three masters without replicas. */
export async function startRedisCluster(): Promise<RedisClusterServers> {
  const nodes = await Promise.all([0, 1, 2].map(() => startRedis(['--cluster-enabled', 'yes', '--cluster-node-timeout', '2000'])));
  const bounds = [0, 1, 2, 3].map((part) => Math.floor((SLOTS * part) / 3));
  for (const [part, node] of nodes.entries()) {
    await node.command('CLUSTER', 'ADDSLOTSRANGE', String(bounds[part]), String((bounds[part + 1] ?? 0) - 1));
    // Epochs of their own, else they settle it among themselves later.
    await node.command('CLUSTER', 'SET-CONFIG-EPOCH', String(part + 1));
  }
  const [first, ...others] = nodes;
  for (const { port } of others) await first?.command('CLUSTER', 'MEET', '127.0.0.1', String(port));
  const ready = async (): Promise<boolean> => {
    const infos = await Promise.all(nodes.map((node) => node.command('CLUSTER', 'INFO')));
    return infos.every((info) => /cluster_state:ok[^]*cluster_known_nodes:3/.test(String(info)));
  };
  while (!(await ready())) await sleep(50);
  return {
    url: `redis+cluster://${nodes.map(({ port }) => `127.0.0.1:${port}`).join(',')}`,
    async stop() {
      await Promise.all(nodes.map((node) => node.stop()));
    },
  };
}
