import { byTier } from '@gatehouse/prisma/testing/by-tier';
import { afterAll, describe, vi } from 'vitest';
import { engineConformance } from '../../conformance/index.ts';
import { startRedisCluster } from '../../test-support/redis-cluster.ts';
import { redisFixtures } from '../../test-support/redis-fixture.ts';
import { startRedisBehindSentinel } from '../../test-support/redis-sentinel.ts';
import { REDIS_AVAILABLE, startRedis } from '../../test-support/redis-server.ts';

// The nodes of a cluster must find each other first.
vi.setConfig({ hookTimeout: 60_000 });

describe.skipIf(!REDIS_AVAILABLE).each([
  ['one server', startRedis],
  ['a cluster of three', startRedisCluster],
  ['Sentinel with one replica', () => startRedisBehindSentinel({ replicas: 1 })],
])('redis on %s', (name, start) => {
  const fixtures = redisFixtures(() => start());
  afterAll(fixtures.dispose);

  engineConformance(name, fixtures.open, byTier({ runs: 5 }, { runs: 10, only: 'random' as const }));
});
