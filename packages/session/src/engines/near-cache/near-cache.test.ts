import { byTier } from '@gatehouse/prisma/testing/by-tier';
import { afterAll, describe, expect, test } from 'vitest';
import { engineConformance } from '../../conformance/index.ts';
import { redisFixtures } from '../../test-support/redis-fixture.ts';
import { REDIS_AVAILABLE, startRedis } from '../../test-support/redis-server.ts';

describe.skipIf(!REDIS_AVAILABLE)('redis with near caches', () => {
  const fixtures = redisFixtures(startRedis, { nearCacheSessions: 1000, delayMs: byTier(0, 1) });
  afterAll(fixtures.dispose);

  engineConformance('one server', fixtures.open, byTier({ runs: 1 }, { runs: 10, only: 'random' as const }));

  test('the near caches have answered loads of the tests above, so these prove something', () => {
    expect(fixtures.nearCacheHits()).toBeGreaterThan(500);
  });
});
