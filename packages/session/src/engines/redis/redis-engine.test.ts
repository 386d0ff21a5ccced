import { afterAll, describe } from 'vitest';
import { engineConformance } from '../../conformance/index.ts';
import { redisFixtures } from '../../test-support/redis-fixture.ts';
import { REDIS_AVAILABLE } from '../../test-support/redis-server.ts';

describe.skipIf(!REDIS_AVAILABLE)('on a Redis of its own', () => {
  const fixtures = redisFixtures();
  afterAll(fixtures.dispose);

  engineConformance('redis', fixtures.open);
});
