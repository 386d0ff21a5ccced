import { afterAll } from 'vitest';
import { engineConformance } from '../conformance/index.ts';
import { dbFixtures } from '../test-support/db-fixture.ts';

const fixtures = dbFixtures();
afterAll(fixtures.dispose);

engineConformance('db on SQLite', fixtures.open);
