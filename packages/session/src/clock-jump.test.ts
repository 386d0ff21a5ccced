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
const CLIENT = { ip: '::1', userAgent: 'A browser' };
/** Half an hour idle, a day in all. */
const SHORT = { ...LIFETIMES, ageMs: 30 * MINUTE, absoluteAgeMs: DAY };

const PLACES: [string, boolean, () => DbFixtures][] = [
  ['db', true, dbFixtures],
  ['redis', REDIS_AVAILABLE, redisFixtures],
  ['cached_db', REDIS_AVAILABLE, cachedDbFixtures],
];

// F-13, security 44. Redis' own clock differs by years from the fixtures': it is given durations, never instants.
describe.each(PLACES)('clock jumps on %s', (_name, available, fixtures) => {
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
      const outcome = await loadOf(engine, session, CLIENT);
      return outcome.status === 'live' ? outcome.record : outcome.status;
    }

    test.each([HOUR, -HOUR, DAY, -DAY, 60_000, -60_000])(
      '%d ms and back: stays signed in, and expires when it would have',
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

    test.each([HOUR, DAY])('%d ms forward, past the idle time: signed out once; later sign-ins work', async (jump) => {
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
      '%d ms while a session is in use: it ends at its absolute age, at most the jump earlier or later',
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
        // The clock jumped past its idle time, so it ended.
        if (jump > SHORT.ageMs) expect(livedMs).toBe(40 * 15 * MINUTE);
        else expect(livedMs).toBeGreaterThanOrEqual(SHORT.absoluteAgeMs - Math.abs(jump) - 15 * MINUTE);
        expect(livedMs).toBeLessThanOrEqual(SHORT.absoluteAgeMs + Math.abs(jump));
      },
    );

    test('two servers whose clocks differ by more than the activity interval write the activity once, not alternately', async () => {
      const { fixture, engine, session } = await begin();
      let slides = 0;
      for (const skew of [300_000, -300_000, 300_000, -300_000, 300_000, -300_000]) {
        fixture.clock.advance(skew);
        const outcome = await loadOf(engine, session, CLIENT);
        if (outcome.status === 'live' && outcome.slid) slides += 1;
      }
      expect(slides).toBe(1);
    });

    test('two servers whose clocks differ by 60 s serve each other’s sessions without a write per request', async () => {
      const { fixture, engine, session } = await begin(SHORT);
      for (const skew of [60_000, -60_000, 60_000, -60_000]) {
        fixture.clock.advance(skew);
        expect(await visit(engine, session)).toMatchObject({ handle: session.handle });
        expect(await loadOf(engine, session, CLIENT)).toMatchObject({ status: 'live', slid: false });
      }
      expect(await engine.count()).toEqual({ sessions: 1, users: 1 });
    });
  });
});
