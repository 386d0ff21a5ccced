import { afterAll, describe, expect, test } from 'vitest';
import { LIFETIMES, type EngineFixture } from './conformance/engine-fixture.ts';
import { loadOf, store } from './conformance/records.ts';
import type { Engine, SessionRecord } from './engine-port.ts';
import { cachedDbFixtures } from './test-support/cached-db-fixture.ts';
import { dbFixtures, type DbFixtures } from './test-support/db-fixture.ts';
import { redisFixtures } from './test-support/redis-fixture.ts';
import { REDIS_AVAILABLE } from './test-support/redis-server.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const VISIT = { ip: '::1', userAgent: 'A browser' };
/** Half an hour idle, a day in all. */
const SHORT = { ...LIFETIMES, ageMs: 30 * MINUTE, absoluteAgeMs: DAY };

const PLACES: [string, boolean, () => DbFixtures][] = [
  ['db', true, dbFixtures],
  ['redis', REDIS_AVAILABLE, redisFixtures],
  ['cached_db', REDIS_AVAILABLE, cachedDbFixtures],
];

// F-13, security 44. Redis' own clock is years from the fixtures': it is told how long, never until when.
describe.each(PLACES)('a clock that jumps, on %s', (_name, available, fixtures) => {
  describe.skipIf(!available)('', () => {
    const places = fixtures();
    afterAll(places.dispose);

    async function begin(lifetimes = LIFETIMES): Promise<{ fixture: EngineFixture; engine: Engine; session: SessionRecord }> {
      const fixture = await places.open();
      const engine = await fixture.open(lifetimes);
      const session = await store(fixture, engine, { lifetimes, user: await fixture.accounts.create() });
      return { fixture, engine, session };
    }

    async function visit(engine: Engine, session: SessionRecord) {
      const outcome = await loadOf(engine, session, VISIT);
      return outcome.status === 'live' ? outcome.record : outcome.status;
    }

    test.each([HOUR, -HOUR, DAY, -DAY, 60_000, -60_000])(
      'by %d ms and back: still signed in, and its end is where it would have been',
      async (jump) => {
        const { fixture, engine, session } = await begin();
        const { clock } = fixture;
        clock.advance(jump);
        expect(await visit(engine, session)).toMatchObject({ handle: session.handle });
        clock.advance(-jump);
        clock.advance(MINUTE);
        const nowMs = clock.now();
        const record = await visit(engine, session);
        expect(record).toMatchObject({ lastActivityAtMs: nowMs, expiresAtMs: nowMs + LIFETIMES.ageMs });
        clock.advance(LIFETIMES.ageMs - 1);
        expect(await loadOf(engine, session)).toMatchObject({ status: 'live' });
        clock.advance(1);
        expect(await loadOf(engine, session)).toMatchObject({ status: 'expired' });
      },
    );

    test.each([HOUR, DAY])('forward by %d ms, past the idle time: signed out once, and no later sign-in', async (jump) => {
      const { fixture, engine, session } = await begin(SHORT);
      fixture.clock.advance(jump);
      expect(await visit(engine, session)).toBe('expired');
      const next = await store(fixture, engine, { lifetimes: SHORT, user: await fixture.accounts.create() });
      fixture.clock.advance(-jump);
      expect(await visit(engine, next)).toMatchObject({ handle: next.handle });
      fixture.clock.advance(SHORT.ageMs - 1);
      expect(await visit(engine, next)).toMatchObject({ handle: next.handle });
    });

    test.each([HOUR, -HOUR])(
      'by %d ms while a session is used: it ends by its absolute age, give or take the jump and no more',
      async (jump) => {
        const { fixture, engine, session } = await begin(SHORT);
        const { clock } = fixture;
        const begunMs = clock.now();
        let [trueMs, livedMs] = [begunMs, 0];
        for (let step = 0; step < 2 * 24 * 4; step += 1) {
          // It jumps at noon.
          clock.advance(15 * MINUTE + (step === 40 ? jump : 0));
          trueMs += 15 * MINUTE;
          if (typeof (await visit(engine, session)) === 'string') break;
          livedMs = trueMs - begunMs;
        }
        // Jumped over its idle time, it ended there and then.
        if (jump > SHORT.ageMs) expect(livedMs).toBe(40 * 15 * MINUTE);
        else expect(livedMs).toBeGreaterThanOrEqual(SHORT.absoluteAgeMs - Math.abs(jump) - 15 * MINUTE);
        expect(livedMs).toBeLessThanOrEqual(SHORT.absoluteAgeMs + Math.abs(jump));
      },
    );

    test('two servers whose clocks are 60 s apart: each serves what the other made, and neither writes with every request', async () => {
      const { fixture, engine, session } = await begin(SHORT);
      for (const skew of [60_000, -60_000, 60_000, -60_000]) {
        fixture.clock.advance(skew);
        expect(await visit(engine, session)).toMatchObject({ handle: session.handle });
        expect(await loadOf(engine, session, VISIT)).toMatchObject({ status: 'live', slid: false });
      }
      expect(await engine.count()).toEqual({ sessions: 1, users: 1 });
    });
  });
});
