import { engineEntry } from '@gatehouse/session/registry';
import { ok, skipped, warning, type Verdict } from '../check.ts';
import { NO_INFO, onRedis } from '../on-redis.ts';

/**
 * Warns if there are replicas and `min-replicas-to-write` is 0: a master that is cut off from its replicas keeps accepting sign-outs, which
 * are lost in the failover.
 */
export const redisReplication = onRedis('redis-replication', ({ info, minReplicasToWrite }, { settings }): Verdict => {
  const replicas = info.get('connected_slaves');
  if (replicas === undefined) return skipped(NO_INFO);
  if (replicas === '0') return ok('Redis has no replicas.');
  if (engineEntry(settings.session.engine).sessionsIn === 'database') return ok('Redis only has copies, which it may lose.');
  if (minReplicasToWrite === undefined) return skipped('This Redis account may not run CONFIG GET min-replicas-to-write.');
  if (minReplicasToWrite > 0) return ok(`A write requires ${minReplicasToWrite} of ${replicas} replicas.`);
  return warning(
    'Redis acknowledges writes that no replica has: a master that is cut off keeps accepting sign-outs, which are lost in the failover.',
    'Set min-replicas-to-write 1 in redis.conf, and right now: redis-cli CONFIG SET min-replicas-to-write 1',
  );
});
