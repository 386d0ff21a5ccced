import { engineEntry } from '@gatehouse/session/registry';
import { ok, skipped, warning, type Verdict } from '../check.ts';
import { MAY_NOT_ASK, onRedis } from '../on-redis.ts';

/**
 * Warns if there are replicas and `min-replicas-to-write` is 0: a master that is cut off keeps accepting sign-outs, which the fail-over
 * then drops.
 */
export const redisReplication = onRedis('redis-replication', ({ info, minReplicasToWrite }, { settings }): Verdict => {
  const replicas = info.get('connected_slaves');
  if (replicas === undefined) return skipped(MAY_NOT_ASK);
  if (replicas === '0') return ok('It has no replica.');
  if (engineEntry(settings.session.engine).sessionsIn === 'database') return ok('Replicas hold copies alone.');
  if (minReplicasToWrite === undefined) return skipped('This account of Redis may not ask for it (CONFIG GET min-replicas-to-write).');
  if (minReplicasToWrite > 0) return ok(`A write needs ${minReplicasToWrite} of ${replicas} replicas.`);
  return warning(
    'Redis acknowledges writes that no replica has: a master that is cut off goes on taking sign-outs, which the fail-over then drops.',
    'Set min-replicas-to-write 1 in redis.conf (and at once: redis-cli CONFIG SET min-replicas-to-write 1).',
  );
});
