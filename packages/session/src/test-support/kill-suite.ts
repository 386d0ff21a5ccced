import { MARIADB, POSTGRESQL, SQLITE, type TestDatabase } from '@gatehouse/prisma/testing';
import { describe, expect, test } from 'vitest';
import { killFixture, type KillFixture } from './kill-fixture.ts';
import { killRounds } from './kill-rounds.ts';
import { REDIS_AVAILABLE } from './redis-server.ts';

interface Place {
  readonly title: string;
  readonly available: boolean;
  /** Times in the long tier. */
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
  // Redis is killed with the server; appendfsync always, so that what it acknowledged is on its disk.
  { title: 'redis', available: REDIS_AVAILABLE, kills: 8, open: () => killFixture({ engine: 'redis', on: SQLITE }) },
  { title: 'cached_db', available: REDIS_AVAILABLE, kills: 7, open: () => killFixture({ engine: 'cached_db', on: SQLITE }) },
];

// semantics 43, security 41, F-10.
/** Kills the server of each engine and database so many times, and looks each time at what is left. */
export function killSuite(timesAt: (kills: number) => number): void {
  describe.each(PLACES)('kill -9 of a server on $title', ({ title, available, kills, open }) => {
    test.skipIf(!available)(
      'loses no acknowledged sign-in or change, brings no ended session back, leaves nothing broken',
      { timeout: 300_000 },
      async () => {
        const fixture = await open();
        try {
          const times = timesAt(kills);
          const { figures, browsers, problems } = await killRounds(fixture, times);
          console.log(
            `kill -9 × ${times}, ${title}: ${figures.sent} sent, ${figures.answered} answered, ${figures.cut} cut by the kill; ` +
              `${browsers} sessions, lost = ${problems.length}, longest wait ${figures.longestMs.toFixed(0)} ms`,
          );
          expect(problems).toEqual([]);
          // Under load, each time.
          expect(figures.cut).toBeGreaterThanOrEqual(times);
          expect(browsers).toBeGreaterThanOrEqual(times);
        } finally {
          await fixture.dispose();
        }
      },
    );
  });
}
