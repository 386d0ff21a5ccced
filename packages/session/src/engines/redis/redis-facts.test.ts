import { describe, expect, test, vi } from 'vitest';
import { startRedisCluster } from '../../test-support/redis-cluster.ts';
import { startRedisBehindSentinel } from '../../test-support/redis-sentinel.ts';
import { REDIS_AVAILABLE, startRedis } from '../../test-support/redis-server.ts';
import { readRedisFacts } from './redis-facts.ts';

// The nodes of a cluster must find each other first.
vi.setConfig({ testTimeout: 60_000 });

describe.skipIf(!REDIS_AVAILABLE)('facts that Redis reports', () => {
  test.each([
    ['one server', startRedis, 1],
    ['each master of a cluster', startRedisCluster, 3],
    ['Sentinel’s master', () => startRedisBehindSentinel({ replicas: 1 }), 1],
  ])('%s is read', async (_name, start, masters) => {
    const redis = await start();
    try {
      const nodes = await readRedisFacts(redis.url);
      expect(new Set(nodes.map(({ name }) => name)).size).toBe(masters);
      for (const { info, cluster, save, clock } of nodes) {
        expect(info.get('role')).toBe('master');
        expect(info.get('maxmemory_policy')).toBe('noeviction');
        expect(cluster.get('cluster_state')).toBe(masters === 3 ? 'ok' : undefined);
        expect(save).toBe('');
        expect(clock).toBeDefined();
      }
    } finally {
      await redis.stop();
    }
  });
});
