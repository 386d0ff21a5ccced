import { error, ok, skipped, type Verdict } from '../check.ts';
import { onRedis } from '../on-redis.ts';

/** A cluster with hash slots that no node serves is an error. */
export const redisCluster = onRedis('redis-cluster', ({ cluster }): Verdict => {
  const state = cluster.get('cluster_state');
  if (state === undefined) return skipped('Redis is not a cluster.');
  const failed = Number(cluster.get('cluster_slots_fail') ?? 0) + Number(cluster.get('cluster_slots_pfail') ?? 0);
  if (state === 'ok' && failed === 0) return ok(`All ${cluster.get('cluster_slots_ok')} slots are served.`);
  return error(
    state === 'ok' ? `${failed} slots of the cluster are not served.` : `The cluster is not healthy (cluster_state:${state}).`,
    'Find the nodes that are down: redis-cli CLUSTER NODES',
  );
});
