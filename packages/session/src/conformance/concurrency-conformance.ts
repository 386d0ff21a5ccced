import { expect, test } from 'vitest';
import type { Engine, StoredData } from '../engine-port.ts';
import { SessionEndedError } from '../errors.ts';
import { hashSecret, newSecret } from '../session-id.ts';
import { LIFETIMES, type EngineFixture } from './engine-fixture.ts';
import { loadOf, newRecord, rotated, rotateTo, store, storeMany } from './records.ts';
import { requestsAt } from './requests.ts';

const CLIENT = { ip: null, userAgent: null };

/** A request's session. */
type Held = Awaited<ReturnType<ReturnType<typeof requestsAt>['begin']>>;

/** Concurrent requests in one process and in two. */
export function concurrencyConformance(fixture: () => EngineFixture): void {
  const two = async (): Promise<[Engine, Engine]> => [await fixture().open(), await fixture().open()];

  /** A session that two requests in different processes have loaded. */
  async function twoRequests(data: StoredData = {}) {
    const [here, there] = await two();
    const secret = newSecret();
    const record = { ...(await newRecord(fixture(), here, { data })), secretHash: hashSecret(secret) };
    expect(await here.create(record)).toBe(true);
    const begin = (engine: Engine) =>
      requestsAt({ engine, lifetimes: LIFETIMES, now: fixture().clock.now }).begin({ handle: record.handle, secret });
    const [first, second] = [await begin(here), await begin(there)];
    const read = async () => (await here.find(record.handle))?.record.data;
    return { record, here, there, first, second, read };
  }

  /** Work of a handler and its completion. */
  async function write(session: Held, change: (data: Record<string, unknown>) => unknown): Promise<void> {
    change(session.data);
    await session.commitOrThrow();
  }

  test('semantics 28: another process cannot revive an ended session by an update, a rotation, a touch or a load', async () => {
    const [engine, other] = await two();
    const record = await store(fixture(), engine, { data: { count: 1 } });
    fixture().clock.advance(60_000);
    expect((await loadOf(other, record)).status).toBe('live');
    expect(await engine.destroy(record.handle)).toBe(true);
    for (const change of [{ data: { count: 2 } }, { secrets: record }, { secrets: record, credentialEpoch: 0 }])
      expect(await other.update(record.handle, { expectedVersion: 1, timestamps: record, ...change })).toEqual({ status: 'gone' });
    expect(await other.touch(record.handle, record, CLIENT)).toBe(false);
    expect(await loadOf(other, record, CLIENT)).toEqual({ status: 'absent' });
    expect(await loadOf(engine, record)).toEqual({ status: 'absent' });
    expect(await engine.count()).toEqual({ sessions: 0, users: 0 });
  });

  test('semantics 28: a slow request that writes after its session ended is told so, and nothing is stored', async () => {
    const { record, here, first, second, read } = await twoRequests({ step: 1 });
    await here.destroy(record.handle);
    await expect(write(second, (data) => Object.assign(data, { step: 2 }))).rejects.toThrow(SessionEndedError);
    await expect(first.update((data) => Object.assign(data, { step: 3 }))).rejects.toThrow(SessionEndedError);
    expect(await read()).toBeUndefined();
    expect(await here.count()).toEqual({ sessions: 0, users: 0 });
  });

  test('semantics 28: after a concurrent end and update the session is ended in 40 of 40 tries', async () => {
    const [engine, other] = await two();
    for (let attempt = 0; attempt < 40; attempt++) {
      const record = await store(fixture(), engine);
      const write = () => other.update(record.handle, { expectedVersion: 1, data: { attempt }, timestamps: record });
      const end = () => engine.destroy(record.handle);
      const outcomes = await Promise.all(attempt % 2 ? [end(), write(), write()] : [write(), write(), end()]);
      expect(outcomes).toContain(true);
      for (const outcome of outcomes)
        if (outcome !== true) expect(outcome).toHaveProperty('status', expect.stringMatching(/updated|conflict|gone/));
      expect(await loadOf(engine, record)).toEqual({ status: 'absent' });
    }
  });

  test('semantics 28: after a concurrent end, of any kind, and rotation the session is ended in 60 of 60 tries', async () => {
    const [engine, other] = await two();
    const owner = await fixture().accounts.create();
    for (let attempt = 0; attempt < 60; attempt++) {
      const record = await store(fixture(), engine, { user: owner });
      const after = rotated(record, fixture().clock.now());
      const again = rotated(after, fixture().clock.now());
      const rotate = async (): Promise<void> => {
        for (const next of [after, again]) await rotateTo(other, next);
      };
      const ends = [() => engine.destroy(record.handle), () => engine.destroyByUser(owner.user.id), () => engine.destroyAll()];
      const end = async () => Number(await ends[attempt % 3]?.());
      const [ended] = await Promise.all(attempt % 2 ? [end(), rotate()] : [rotate().then(end), rotate()]);
      // It has ended because of this call, however often it rotated, and the caller is told so.
      expect(ended).toBe(1);
      for (const one of [record, after, again]) expect((await loadOf(other, one)).status).toBe('absent');
      expect(await engine.count()).toEqual({ sessions: 0, users: 0 });
    }
  });

  test('semantics 30: two requests that change different keys both keep their changes', async () => {
    const { first, second, read } = await twoRequests({ shared: 0 });
    const changes = [{ cart: ['a'] }, { theme: 'dark' }];
    await Promise.all([first, second].map((session, index) => write(session, (data) => Object.assign(data, changes[index]))));
    expect(await read()).toEqual({ shared: 0, cart: ['a'], theme: 'dark' });
  });

  test('semantics 30: one request deletes a key and another sets one: both happen', async () => {
    const { first, second, read } = await twoRequests({ old: 1, kept: 2 });
    await Promise.all([write(first, (data) => delete data['old']), write(second, (data) => Object.assign(data, { fresh: 3 }))]);
    expect(await read()).toEqual({ kept: 2, fresh: 3 });
  });

  test('semantics 30: two requests that change the same key leave one whole value, the one committed last', async () => {
    const { first, second, read } = await twoRequests({ cart: { items: [0], total: 0 } });
    await write(first, (data) => Object.assign(data, { cart: { items: [1], total: 1 } }));
    await write(second, (data) => Object.assign(data, { cart: { items: [2], total: 2 } }));
    expect(await read()).toEqual({ cart: { items: [2], total: 2 } });
  });

  test('semantics 30: an update of an outdated version is a conflict and writes nothing', async () => {
    const [engine, other] = await two();
    const record = await store(fixture(), engine);
    const update = (by: string) => ({ expectedVersion: 1, data: { by }, timestamps: record });
    expect(await engine.update(record.handle, update('first'))).toMatchObject({ status: 'updated' });
    expect(await other.update(record.handle, update('second'))).toEqual({ status: 'conflict' });
    expect(await loadOf(other, record)).toMatchObject({ record: { data: { by: 'first' }, version: 2 } });
  });

  test('semantics 30: a slide beside a change undoes neither its data nor its expiry', async () => {
    const [engine, other] = await two();
    for (let attempt = 0; attempt < 20; attempt++) {
      const record = await store(fixture(), engine);
      fixture().clock.advance(60_000);
      const fixedExpiryMs = fixture().clock.now() + 1000;
      const timestamps = { ...record, fixedExpiryMs, expiresAtMs: fixedExpiryMs };
      // The load starts first, so it has read before the change and writes after it.
      const visits = [loadOf(other, record, CLIENT), loadOf(engine, record, CLIENT)];
      const change = engine.update(record.handle, { expectedVersion: 1, data: { attempt }, timestamps });
      expect(await change).toMatchObject({ status: 'updated' });
      for (const outcome of await Promise.all(visits)) expect(outcome.status).toBe('live');
      expect(await loadOf(engine, record)).toMatchObject({
        record: { data: { attempt }, fixedExpiryMs, expiresAtMs: fixedExpiryMs, version: 2 },
      });
    }
  });

  test('semantics 30: a slide does not increment the version, so it causes no conflict', async () => {
    const [engine, other] = await two();
    const record = await store(fixture(), engine, { presentedAtMs: null });
    fixture().clock.advance(60_000);
    expect(await loadOf(other, record, CLIENT)).toMatchObject({ slid: true, record: { version: 1 } });
    expect(await other.touch(record.handle, record)).toBe(true);
    expect(await engine.update(record.handle, { expectedVersion: 1, data: { kept: 1 }, timestamps: record })).toMatchObject({
      status: 'updated',
    });
  });

  test('semantics 31: 100 concurrent increments from two processes give 100', async () => {
    const { first, second, read } = await twoRequests({ count: 0 });
    const increment = (data: Record<string, unknown>): void => void (data['count'] = Number(data['count']) + 1);
    await Promise.all(Array.from({ length: 100 }, (_, index) => (index % 2 ? first : second).update(increment)));
    expect(await read()).toEqual({ count: 100 });
    // The objects know what is stored, so storing them changes nothing.
    await Promise.all([first.commitOrThrow(), second.commitOrThrow()]);
    expect(await read()).toEqual({ count: 100 });
  });

  test('semantics 33: a session in use is never purged, however close to its expiry', async () => {
    const [engine, purger] = await two();
    const records = await storeMany(fixture(), engine, 40);
    fixture().clock.advance(LIFETIMES.ageMs - 1);
    const visits = records.map(async (record, index) => {
      const outcome = await loadOf(engine, record, CLIENT);
      // Halfway through, the others have expired.
      if (index === 20) fixture().clock.advance(1);
      return { record, kept: outcome.status === 'live' };
    });
    const purges = Array.from({ length: 10 }, () => purger.purgeExpired(7));
    const outcomes = await Promise.all(visits);
    await Promise.all(purges);
    while ((await purger.purgeExpired(7)) > 0);
    expect(outcomes.filter(({ kept }) => kept)).not.toEqual([]);
    for (const { record, kept } of outcomes) expect((await loadOf(engine, record)).status === 'live').toBe(kept);
  });

  test('semantics 34: ending or touching a missing session is not an error', async () => {
    const engine = await fixture().open();
    const record = await store(fixture(), engine);
    expect(await engine.destroy(record.handle)).toBe(true);
    expect(await engine.destroy(record.handle)).toBe(false);
    expect(await engine.touch(record.handle, record)).toBe(false);
    expect(await engine.destroyByUser('nobody')).toBe(0);
    const expired = await store(fixture(), engine);
    fixture().clock.advance(LIFETIMES.ageMs);
    expect(await engine.destroy(expired.handle)).toBe(false);
  });

  test('a handle is never used for two sessions, even by two processes at once', async () => {
    const [engine, other] = await two();
    const [first, second] = [await newRecord(fixture(), engine), await newRecord(fixture(), engine)];
    const stored = await Promise.allSettled([engine.create(first), other.create({ ...second, handle: first.handle })]);
    expect(stored.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await engine.count()).toEqual({ sessions: 1, users: 0 });
  });
}
