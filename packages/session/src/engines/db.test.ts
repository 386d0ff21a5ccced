import { DATABASES } from '@gatehouse/prisma/testing';
import { afterAll, describe } from 'vitest';
import { engineConformance } from '../conformance/index.ts';
import { dbFixtures } from '../test-support/db-fixture.ts';

for (const on of DATABASES) {
  describe.skipIf(!on.available)('db', () => {
    const fixtures = dbFixtures(on);
    afterAll(fixtures.dispose);
    engineConformance(`on ${on.name}`, fixtures.open);
  });
}
