import { describe, expect, test } from 'vitest';
import type { Engine, Lifetimes, SessionRecord } from '../engine-port.ts';
import { LIFETIMES, type EngineFixture } from './engine-fixture.ts';
import { loadOf, newRecord, store, type NewRecord } from './records.ts';

const CLIENT = { ip: '198.51.100.1', userAgent: 'Visitor/1' };
const DAY = 86_400_000;

/** Expiry of sessions. */
export function expiryConformance(fixture: () => EngineFixture): void {
  test('semantics 14: with sliding on, a load with activity sets the expiry to now plus the age, and reports it', async () => {
    const engine = await fixture().open();
    const record = await store(fixture(), engine);
    fixture().clock.advance(DAY);
    const nowMs = fixture().clock.now();
    const outcome = await loadOf(engine, record, CLIENT);
    expect(outcome).toMatchObject({
      status: 'live',
      slid: true,
      record: { ...CLIENT, lastActivityAtMs: nowMs, renewedAtMs: nowMs, expiresAtMs: nowMs + LIFETIMES.ageMs },
    });
    expect(await loadOf(engine, record)).toEqual({ ...outcome, slid: false });
  });

  test('semantics 14: with sliding off, a load with activity writes it and the expiry stays', async () => {
    const engine = await fixture().open({ sliding: false });
    const record = await store(fixture(), engine);
    const { expiresAtMs, renewedAtMs } = record;
    fixture().clock.advance(DAY);
    expect(await loadOf(engine, record, CLIENT)).toMatchObject({
      slid: true,
      record: { expiresAtMs, renewedAtMs, lastActivityAtMs: fixture().clock.now() },
    });
    expect(await loadOf(engine, record)).toMatchObject({ record: { expiresAtMs } });
  });

  test('semantics 15: sliding never passes the absolute age, however active the session', async () => {
    const engine = await fixture().open();
    const record = await store(fixture(), engine);
    const { createdAtMs } = record;
    for (let day = 1; day < 90; day++) {
      fixture().clock.advance(DAY);
      const outcome = await loadOf(engine, record, CLIENT);
      expect(outcome).toMatchObject({ status: 'live' });
      if (outcome.status === 'live') expect(outcome.record.expiresAtMs).toBeLessThanOrEqual(createdAtMs + LIFETIMES.absoluteAgeMs);
    }
    fixture().clock.advance(DAY - 1);
    expect((await loadOf(engine, record, CLIENT)).status).toBe('live');
    fixture().clock.advance(1);
    expect((await loadOf(engine, record, CLIENT)).status).not.toBe('live');
  });

  test('semantics 16: with an interval of a minute, 100 loads in ten seconds write activity once and take one request each', async () => {
    const engine = await fixture().open();
    const record = await store(fixture(), engine);
    fixture().clock.advance(60_000);
    let slid = 0;
    const { requests, writes } = await fixture().count(async () => {
      for (let visit = 0; visit < 100; visit++) {
        const outcome = await loadOf(engine, record, CLIENT);
        if (outcome.status === 'live' && outcome.slid) slid++;
        fixture().clock.advance(100);
      }
    });
    expect(slid).toBe(1);
    expect(writes).toBe(1);
    expect(requests).toBeLessThanOrEqual(101);
  });

  test('semantics 16: with an interval of 0, every load writes activity', async () => {
    const engine = await fixture().open({ activityIntervalMs: 0 });
    const record = await store(fixture(), engine);
    for (let visit = 0; visit < 10; visit++) {
      expect(await loadOf(engine, record, CLIENT)).toMatchObject({ slid: true, record: { lastActivityAtMs: fixture().clock.now() } });
      fixture().clock.advance(1);
    }
  });

  test('semantics 16: a session in use does not end, however short its own age is, and most of its loads write nothing', async () => {
    const engine = await fixture().open();
    const record = await store(fixture(), engine, { customAgeSeconds: 20 });
    const slid: number[] = [];
    for (let second = 1; second <= 40; second++) {
      fixture().clock.advance(1000);
      const outcome = await loadOf(engine, record, CLIENT);
      expect(outcome.status).toBe('live');
      if (outcome.status === 'live' && outcome.slid) slid.push(second);
    }
    expect(slid).toEqual(Array.from({ length: 20 }, (_, index) => 2 * (index + 1)));
    fixture().clock.advance(19_999);
    expect((await loadOf(engine, record)).status).toBe('live');
    fixture().clock.advance(1);
    expect((await loadOf(engine, record, CLIENT)).status).not.toBe('live');
  });

  test('semantics 16: without sliding, a session’s own age does not shorten the interval', async () => {
    const engine = await fixture().open({ sliding: false });
    const record = await store(fixture(), engine, { customAgeSeconds: 20 });
    fixture().clock.advance(19_000);
    expect(await loadOf(engine, record, CLIENT)).toMatchObject({ status: 'live', slid: false });
  });

  test('semantics 16: two concurrent loads write activity once', async () => {
    const [engine, other] = [await fixture().open(), await fixture().open()];
    const record = await store(fixture(), engine);
    fixture().clock.advance(60_000);
    const outcomes = await Promise.all([engine, other, engine, other].map((process) => loadOf(process, record, CLIENT)));
    expect(outcomes.map(({ status }) => status)).toEqual(['live', 'live', 'live', 'live']);
    expect(outcomes.filter((outcome) => outcome.status === 'live' && outcome.slid)).toHaveLength(1);
  });

  test('semantics 22: a load within the activity interval takes at most one request and no write', async () => {
    const engine = await fixture().open();
    const owner = await fixture().accounts.create();
    const record = await store(fixture(), engine, { user: owner });
    // Engines with copies of users have one now.
    await loadOf(engine, record);
    fixture().clock.advance(59_999);
    const { requests, writes } = await fixture().count(() => loadOf(engine, record, CLIENT));
    expect(requests).toBeLessThanOrEqual(1);
    expect(writes).toBe(0);
  });

  // Long, because Redis frees the memory of a session by its own clock.
  const KINDS: Record<string, { made: (nowMs: number) => NewRecord; lifetimes?: Partial<Lifetimes>; ageMs: number }> = {
    'its idle age': { made: () => ({}), ageMs: LIFETIMES.ageMs },
    'its absolute age': { made: (nowMs) => ({ createdAtMs: nowMs - LIFETIMES.absoluteAgeMs + 50_000 }), ageMs: 50_000 },
    'setExpiry(seconds)': { made: () => ({ customAgeSeconds: 30 }), ageMs: 30_000 },
    'setExpiry(date)': { made: (nowMs) => ({ fixedExpiryMs: nowMs + 51_234 }), ageMs: 51_234 },
    'setExpiry(0)': { made: () => ({ customAgeSeconds: 0 }), ageMs: LIFETIMES.ageMs },
    'a shortened age in the settings': { made: () => ({}), lifetimes: { ageMs: 50_000 }, ageMs: 50_000 },
    'a shortened absolute age in the settings': {
      made: () => ({ customAgeSeconds: 60 }),
      lifetimes: { absoluteAgeMs: 50_000 },
      ageMs: 50_000,
    },
  };

  describe.each(Object.entries(KINDS))('semantics 19: a session that ends by its %s', (_name, { made, lifetimes, ageMs }) => {
    async function stored(): Promise<{ engine: Engine; record: SessionRecord; userId: string }> {
      const owner = await fixture().accounts.create();
      const record = await store(fixture(), await fixture().open(), { user: owner, ...made(fixture().clock.now()) });
      return { engine: await fixture().open(lifetimes), record, userId: owner.user.id };
    }

    test('is served one millisecond before its end', async () => {
      const { engine, record, userId } = await stored();
      fixture().clock.advance(ageMs - 1);
      expect(await loadOf(engine, record)).toMatchObject({ status: 'live' });
      expect(await engine.find(record.handle)).toMatchObject({ record: { handle: record.handle } });
      expect((await engine.listByUser(userId)).sessions).toHaveLength(1);
      expect((await engine.list({ limit: 10 })).sessions).toHaveLength(1);
      expect(await engine.count()).toEqual({ sessions: 1, users: 1 });
    });

    test.each([0, 1])('is never served %i ms after it in any way, and nothing revives it', async (pastMs) => {
      const { engine, record, userId } = await stored();
      fixture().clock.advance(ageMs + pastMs);
      const timestamps = { ...record, expiresAtMs: fixture().clock.now() + DAY, renewedAtMs: fixture().clock.now() };
      for (const change of [{ data: {} }, { secrets: record }, { secrets: record, credentialEpoch: record.credentialEpoch }])
        expect(await engine.update(record.handle, { expectedVersion: record.version, timestamps, ...change })).toEqual({ status: 'gone' });
      expect(await engine.claim(record.handle, { successor: record.handle, expectedVersion: record.version })).toEqual({ status: 'gone' });
      expect(await engine.touch(record.handle, timestamps)).toBe(false);
      expect((await loadOf(engine, record, CLIENT)).status).not.toBe('live');
      expect((await loadOf(engine, record)).status).not.toBe('live');
      expect(await engine.find(record.handle)).toBeUndefined();
      expect((await engine.listByUser(userId)).sessions).toEqual([]);
      expect(await engine.list({ limit: 10 })).toEqual({ sessions: [], next: undefined });
      expect(await engine.count()).toEqual({ sessions: 0, users: 0 });
    });
  });

  test('semantics 19: an expired session is not served, purged or not', async () => {
    const engine = await fixture().open();
    const record = await store(fixture(), engine);
    fixture().clock.advance(LIFETIMES.ageMs);
    expect((await loadOf(engine, record)).status).not.toBe('live');
    while ((await engine.purgeExpired(10)) > 0);
    expect((await loadOf(engine, record)).status).toBe('absent');
    expect(await fixture().dump()).not.toContain(record.secretHash);
  });

  test('semantics 20: a shorter age in the settings applies to open sessions', async () => {
    const record = await store(fixture(), await fixture().open());
    const shorter = await fixture().open({ ageMs: 2 * DAY });
    fixture().clock.advance(DAY);
    expect(await loadOf(shorter, record, CLIENT)).toMatchObject({
      status: 'live',
      record: { expiresAtMs: fixture().clock.now() + 2 * DAY },
    });
    fixture().clock.advance(2 * DAY);
    expect((await loadOf(shorter, record, CLIENT)).status).not.toBe('live');
  });

  test('semantics 20: a longer age in the settings applies to open sessions from their next request on', async () => {
    const record = await store(fixture(), await fixture().open());
    const longer = await fixture().open({ ageMs: 30 * DAY });
    fixture().clock.advance(1000);
    expect(await loadOf(longer, record, CLIENT)).toMatchObject({ status: 'live', slid: true });
    fixture().clock.advance(20 * DAY);
    expect((await loadOf(longer, record, CLIENT)).status).toBe('live');
  });

  test('semantics 20: no change of settings revives an expired session', async () => {
    const record = await store(fixture(), await fixture().open());
    fixture().clock.advance(LIFETIMES.ageMs);
    const longer = await fixture().open({ ageMs: 60 * DAY });
    expect((await loadOf(longer, record, CLIENT)).status).not.toBe('live');
  });

  test('touch changes the timestamps and keeps data, version and the other columns', async () => {
    const engine = await fixture().open();
    const record = { ...(await newRecord(fixture(), engine, { data: { next: '/a' } })), ip: '192.0.2.1', userAgent: 'First/1' };
    await engine.create(record);
    const moved = {
      ...record,
      renewedAtMs: record.renewedAtMs + 5,
      lastActivityAtMs: record.lastActivityAtMs + 5,
      expiresAtMs: record.expiresAtMs + 5,
    };
    expect(await engine.touch(record.handle, moved)).toBe(true);
    expect(await loadOf(engine, record)).toMatchObject({ record: moved });
    expect(await engine.touch(record.handle, moved, CLIENT)).toBe(true);
    expect(await loadOf(engine, record)).toMatchObject({ record: { ...moved, ...CLIENT } });
  });
}
