import { afterEach, beforeEach, describe } from 'vitest';
import { bookkeepingConformance } from './bookkeeping-conformance.ts';
import { concurrencyConformance } from './concurrency-conformance.ts';
import type { EngineFixture, OpenFixture } from './engine-fixture.ts';
import { expiryConformance } from './expiry-conformance.ts';
import { identityConformance } from './identity-conformance.ts';
import { limitConformance } from './limit-conformance.ts';
import { listConformance } from './list-conformance.ts';
import { manySessionsConformance } from './many-sessions-conformance.ts';
import { purgeConformance } from './purge-conformance.ts';

/**
 * What every engine must do, on every storage: one test a line of the semantics. Call it from the engine's own test file.
 *
 *     engineConformance('redis', openRedisFixture);
 */
export function engineConformance(name: string, openFixture: OpenFixture): void {
  describe(name, () => {
    let fixture: EngineFixture;

    beforeEach(async () => {
      fixture = await openFixture();
    });

    afterEach(() => fixture.dispose());

    const current = (): EngineFixture => fixture;
    identityConformance(current);
    expiryConformance(current);
    concurrencyConformance(current);
    listConformance(current);
    limitConformance(current);
    manySessionsConformance(current);
    purgeConformance(current);
    bookkeepingConformance(current);
  });
}
