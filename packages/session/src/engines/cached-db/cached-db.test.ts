import { afterAll } from 'vitest';
import { engineConformance } from '../../conformance/index.ts';
import { cachedDbFixtures } from '../../test-support/cached-db-fixture.ts';

const fixtures = cachedDbFixtures();
afterAll(fixtures.dispose);

engineConformance('cached_db', fixtures.open);
