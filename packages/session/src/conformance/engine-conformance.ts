import { afterEach, beforeEach, describe } from 'vitest';
import { bookkeepingConformance } from './bookkeeping-conformance.ts';
import { claimConformance } from './claim-conformance.ts';
import { concurrencyConformance } from './concurrency-conformance.ts';
import type { EngineFixture, OpenFixture } from './engine-fixture.ts';
import { dataConformance } from './data-conformance.ts';
import { epochConformance } from './epoch-conformance.ts';
import { feedConformance } from './feed-conformance.ts';
import { expiryConformance } from './expiry-conformance.ts';
import { identityConformance } from './identity-conformance.ts';
import { limitConformance } from './limit-conformance.ts';
import { listConformance } from './list-conformance.ts';
import { manySessionsConformance } from './many-sessions-conformance.ts';
import { purgeConformance } from './purge-conformance.ts';
import { raceConformance } from './race-conformance.ts';
import { secretsConformance } from './secrets-conformance.ts';
import { userCopyConformance } from './user-copy-conformance.ts';
import { valuesConformance } from './values-conformance.ts';

/**
 * The contract of every engine on every storage: one test for each rule of the semantics. Call it from the engine's
 * test file:
 *
 *     engineConformance('redis', openRedisFixture);
 *
 * `runs`: number of random operation sequences for the indexes, which also scales the number of races. Default: 25. `only`: the tests that
 * more runs make more thorough. Default: all.
 */
export function engineConformance(
  name: string,
  openFixture: OpenFixture,
  { runs = 25, only }: { runs?: number; only?: 'random' } = {},
): void {
  describe(name, () => {
    let fixture: EngineFixture;

    beforeEach(async () => {
      fixture = await openFixture();
    });

    afterEach(() => fixture.dispose());

    const current = (): EngineFixture => fixture;
    bookkeepingConformance(current, { runs });
    raceConformance(current, { runs });
    concurrencyConformance(current);
    if (only === 'random') return;
    identityConformance(current);
    secretsConformance(current);
    claimConformance(current);
    epochConformance(current);
    dataConformance(current);
    userCopyConformance(current);
    expiryConformance(current);
    valuesConformance(current);
    listConformance(current);
    limitConformance(current);
    manySessionsConformance(current);
    purgeConformance(current);
    feedConformance(current);
  });
}
