import { afterAll } from 'vitest';
import { engineConformance } from '../../conformance/index.ts';
import { redisFixtures } from '../../test-support/redis-fixture.ts';

const fixtures = redisFixtures();
afterAll(fixtures.dispose);

engineConformance('redis', fixtures.open);
