import { byTier } from '@gatehouse/prisma/testing/by-tier';
import { afterAll, describe } from 'vitest';
import { engineConformance } from '../../conformance/index.ts';
import { cachedDbFixtures } from '../../test-support/cached-db-fixture.ts';
import { REDIS_AVAILABLE } from '../../test-support/redis-server.ts';

describe.skipIf(!REDIS_AVAILABLE)('on its own Redis', () => {
  const fixtures = cachedDbFixtures();
  afterAll(fixtures.dispose);

  engineConformance('cached_db', fixtures.open, byTier({ runs: 5 }, { runs: 10, only: 'random' as const }));
});
