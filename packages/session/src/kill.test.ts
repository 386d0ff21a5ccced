import { MARIADB, POSTGRESQL, SQLITE, type TestDatabase } from '@gatehouse/prisma/testing';
import { byTier } from '@gatehouse/prisma/testing/by-tier';
import { describe, expect, test } from 'vitest';
import { killFixture, type KillFixture } from './test-support/kill-fixture.ts';
import { killRounds } from './test-support/kill-rounds.ts';
import { REDIS_AVAILABLE } from './test-support/redis-server.ts';

/** Once per storage in `pnpm test`, fifty times in all in `pnpm test:long`, and fifty times per storage in `pnpm faults`. */
const KILLS = Number(process.env['FAULT_KILLS'] ?? 0);

interface Place {
  readonly title: string;
  readonly available: boolean;
  /** Only in the long tier. */
  readonly kills: number;
  readonly open: () => Promise<KillFixture>;
}

const onDatabase = (on: TestDatabase, kills: number): Place => ({
  title: `db on ${on.name}`,
  available: on.available,
  kills,
  open: () => killFixture({ engine: 'db', on }),
});

const PLACES: Place[] = [
  onDatabase(SQLITE, 25),
  onDatabase(MARIADB, 5),
  onDatabase(POSTGRESQL, 5),
  // Redis is killed together with the server. With appendfsync always, acknowledged writes are on its disk.
  { title: 'redis', available: REDIS_AVAILABLE, kills: 8, open: () => killFixture({ engine: 'redis', on: SQLITE }) },
  { title: 'cached_db', available: REDIS_AVAILABLE, kills: 7, open: () => killFixture({ engine: 'cached_db', on: SQLITE }) },
];

// semantics 43, security 41, F-10.
describe.each(PLACES)('kill -9 of a server on $title', ({ title, available, kills, open }) => {
  test.skipIf(!available)(
    'loses no acknowledged sign-in or change, revives no ended session, and leaves nothing broken',
    { timeout: 300_000 },
    async () => {
      const fixture = await open();
      try {
        const times = KILLS || byTier(1, kills);
        const { figures, browsers, problems } = await killRounds(fixture, times);
        console.log(
          `kill -9 × ${times}, ${title}: ${figures.sent} sent, ${figures.answered} answered, ${figures.cut} cut by the kill; ` +
            `${browsers} sessions, lost = ${problems.length}, longest wait ${figures.longestMs.toFixed(0)} ms`,
        );
        expect(problems).toEqual([]);
        // Each time under load.
        expect(figures.cut).toBeGreaterThanOrEqual(times);
        expect(browsers).toBeGreaterThanOrEqual(times);
      } finally {
        await fixture.dispose();
      }
    },
  );
});
