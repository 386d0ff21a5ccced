import { error, ok, skipped, type Verdict } from '../check.ts';
import { onRedis } from '../on-redis.ts';

/** Hash slots that no node serves are an error. */
export const redisCluster = onRedis('redis-cluster', ({ cluster }): Verdict => {
  const state = cluster.get('cluster_state');
  if (state === undefined) return skipped('It is no cluster.');
  const failed = Number(cluster.get('cluster_slots_fail') ?? 0) + Number(cluster.get('cluster_slots_pfail') ?? 0);
  if (state === 'ok' && failed === 0) return ok(`All ${cluster.get('cluster_slots_ok')} slots are served.`);
  return error(
    state === 'ok' ? `${failed} slots of the cluster are not served.` : `The cluster is not in order (cluster_state:${state}).`,
    'Look for the nodes that are down: redis-cli CLUSTER NODES',
  );
});
