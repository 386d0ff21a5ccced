import { sessionDataSchema } from '@gatehouse/contract';
import { expect, test } from 'vitest';
import type { Engine } from '../engine-port.ts';
import { SessionEndedError } from '../errors.ts';
import { newSessionId, sessionKey } from '../session-id.ts';
import { createVault, type Vault } from '../session-vault.ts';
import { LIFETIMES, type EngineFixture } from './engine-fixture.ts';
import { newRecord, store, storeMany } from './records.ts';

const VISIT = { ip: null, userAgent: null };

/** Requests beside each other, in one process and in two. */
export function concurrencyConformance(fixture: () => EngineFixture): void {
  const vaultOn = (engine: Engine): Vault =>
    createVault({
      engine,
      lifetimes: LIFETIMES,
      now: fixture().clock.now,
      schema: sessionDataSchema,
      rules: { own: new Set(), reserved: new Set(), keepsDates: () => false, expiryOf: () => undefined },
    });

  /** The session of an id as two requests hold it, each in a process of its own. */
  async function twoRequests(data: object = {}) {
    const [here, there] = [vaultOn(await fixture().open()), vaultOn(await fixture().open())];
    const id = newSessionId();
    await here.create(id, data);
    return { id, here, there, first: (await here.read(id)) ?? {}, second: (await there.read(id)) ?? {} };
  }

  test('semantics 28: what was ended is not brought back by an update, a touch or a load of another process', async () => {
    const [engine, other] = [await fixture().open(), await fixture().open()];
    const record = await store(fixture(), engine, { data: { count: 1 } });
    fixture().clock.advance(60_000);
    expect((await other.load(record.key)).status).toBe('live');
    expect(await engine.destroy(record.key)).toBe(true);
    expect(await other.update(record.key, { expectedVersion: record.version, data: { count: 2 }, clocks: record })).toEqual({
      status: 'gone',
    });
    expect(await other.touch(record.key, record, VISIT)).toBe(false);
    expect(await other.load(record.key, VISIT)).toEqual({ status: 'absent' });
    expect(await engine.load(record.key)).toEqual({ status: 'absent' });
    expect(await engine.count()).toEqual({ sessions: 0, users: 0 });
  });

  test('semantics 28: a slow request that saves after the session was ended is told so, and nothing is stored', async () => {
    const { id, here, there, first, second } = await twoRequests({ step: 1 });
    await here.engine.destroy(sessionKey(id));
    Object.assign(second, { step: 2 });
    await expect(there.save(id, second)).rejects.toThrow(SessionEndedError);
    await expect(there.update(second, (data) => Object.assign(data, { step: 3 }))).rejects.toThrow(SessionEndedError);
    await expect(here.save(id, Object.assign(first, { step: 4 }))).rejects.toThrow(SessionEndedError);
    expect(await here.read(id)).toBeUndefined();
    expect(await here.engine.count()).toEqual({ sessions: 0, users: 0 });
  });

  test('semantics 28: ended and updated at the same moment, it is ended in 40 of 40 tries', async () => {
    const [engine, other] = [await fixture().open(), await fixture().open()];
    for (let attempt = 0; attempt < 40; attempt++) {
      const record = await store(fixture(), engine);
      const write = () => other.update(record.key, { expectedVersion: 1, data: { attempt }, clocks: record });
      const [, outcome] = await Promise.all(
        attempt % 2 ? [engine.destroy(record.key), write()] : [write().then((done) => done), write(), engine.destroy(record.key)],
      );
      expect(['updated', 'conflict', 'gone']).toContain(typeof outcome === 'object' ? outcome.status : outcome);
      expect(await engine.load(record.key)).toEqual({ status: 'absent' });
    }
  });

  test('semantics 30: two requests that change different keys both keep their change', async () => {
    const { id, here, there, first, second } = await twoRequests({ shared: 0 });
    await Promise.all([here.save(id, Object.assign(first, { cart: ['a'] })), there.save(id, Object.assign(second, { theme: 'dark' }))]);
    expect(await here.read(id)).toEqual({ shared: 0, cart: ['a'], theme: 'dark' });
  });

  test('semantics 30: one deletes a key and one sets another: both happen', async () => {
    const { id, here, there, first, second } = await twoRequests({ old: 1, kept: 2 });
    delete first['old'];
    await Promise.all([here.save(id, first), there.save(id, Object.assign(second, { fresh: 3 }))]);
    expect(await there.read(id)).toEqual({ kept: 2, fresh: 3 });
  });

  test('semantics 30: two requests that change the same key leave one whole value, that of the later commit', async () => {
    const { id, here, there, first, second } = await twoRequests({ cart: { items: [0], total: 0 } });
    await here.save(id, Object.assign(first, { cart: { items: [1], total: 1 } }));
    await there.save(id, Object.assign(second, { cart: { items: [2], total: 2 } }));
    expect(await here.read(id)).toEqual({ cart: { items: [2], total: 2 } });
  });

  test('semantics 30: an update over what someone else wrote is a conflict and writes nothing', async () => {
    const [engine, other] = [await fixture().open(), await fixture().open()];
    const record = await store(fixture(), engine);
    expect(await engine.update(record.key, { expectedVersion: 1, data: { by: 'first' }, clocks: record })).toEqual({ status: 'updated' });
    expect(await other.update(record.key, { expectedVersion: 1, data: { by: 'second' }, clocks: record })).toEqual({ status: 'conflict' });
    expect(await other.load(record.key)).toMatchObject({ record: { data: { by: 'first' }, version: 2 } });
  });

  test('semantics 30: a visit that slides beside a change undoes neither its data nor its expiry', async () => {
    const [engine, other] = [await fixture().open(), await fixture().open()];
    for (let attempt = 0; attempt < 20; attempt++) {
      const record = await store(fixture(), engine);
      fixture().clock.advance(60_000);
      const fixedExpiryMs = fixture().clock.now() + 1000;
      const clocks = { ...record, fixedExpiryMs, expiresAtMs: fixedExpiryMs };
      // Begun first, a visit has looked when the change is made, and writes after it.
      const visits = [other.load(record.key, VISIT), engine.load(record.key, VISIT)];
      const change = engine.update(record.key, { expectedVersion: 1, data: { attempt }, clocks });
      expect(await change).toEqual({ status: 'updated' });
      for (const outcome of await Promise.all(visits)) expect(outcome.status).toBe('live');
      expect(await engine.load(record.key)).toMatchObject({
        record: { data: { attempt }, fixedExpiryMs, expiresAtMs: fixedExpiryMs, version: 2 },
      });
    }
  });

  test('semantics 31: 100 concurrent increments from two processes give 100', async () => {
    const { id, here, there, first, second } = await twoRequests({ count: 0 });
    const increment = (data: Record<string, unknown>): void => void (data['count'] = Number(data['count']) + 1);
    await Promise.all(
      Array.from({ length: 100 }, (_, index) => (index % 2 ? here.update(first, increment) : there.update(second, increment))),
    );
    expect(await here.read(id)).toEqual({ count: 100 });
    // The objects know what is stored: saving them changes nothing back.
    await Promise.all([here.save(id, first), there.save(id, second)]);
    expect(await there.read(id)).toEqual({ count: 100 });
  });

  test('semantics 32: two sign-ins over one session leave one live session', async () => {
    const [engine, other] = [await fixture().open(), await fixture().open()];
    const owner = await fixture().accounts.create();
    const before = await store(fixture(), engine);
    const [first, second] = [newRecord(fixture(), { user: owner }), newRecord(fixture(), { user: owner })];
    expect(await Promise.all([engine.create(first, { replaces: before.key }), other.create(second, { replaces: before.key })])).toEqual([
      true,
      true,
    ]);
    expect((await engine.load(before.key)).status).toBe('absent');
    expect((await engine.listByUser(owner.user.id)).sessions).toHaveLength(1);
    expect(await engine.count()).toEqual({ sessions: 1, users: 1 });
  });

  test('semantics 32: a session that replaces itself takes its own place', async () => {
    const engine = await fixture().open();
    const before = await store(fixture(), engine, { data: { step: 1 } });
    const after = { ...newRecord(fixture(), { data: { step: 2 } }), key: before.key };
    expect(await engine.create(after, { replaces: before.key })).toBe(true);
    expect(await engine.load(before.key)).toMatchObject({ record: after });
    expect(await engine.count()).toEqual({ sessions: 1, users: 0 });
  });

  test('semantics 28: a session that was ended, whatever by, does not go on under another id', async () => {
    const [engine, other] = [await fixture().open(), await fixture().open()];
    const owner = await fixture().accounts.create();
    for (const end of [(key: string) => engine.destroy(key), () => engine.destroyByUser(owner.user.id), () => engine.destroyAll()]) {
      const before = await store(fixture(), engine, { user: owner });
      await end(before.key);
      const after = newRecord(fixture(), { user: owner });
      expect(await other.create(after, { replaces: before.key, onlyIfLive: true })).toBe(false);
      expect(await engine.load(after.key)).toEqual({ status: 'absent' });
    }
    const over = await store(fixture(), engine, { user: owner });
    fixture().clock.advance(LIFETIMES.ageMs);
    expect(await engine.create(newRecord(fixture(), { user: owner }), { replaces: over.key, onlyIfLive: true })).toBe(false);
    expect(await engine.count()).toEqual({ sessions: 0, users: 0 });
  });

  test('semantics 28: a session that is there goes on under another id, from two requests at once as well', async () => {
    const [engine, other] = [await fixture().open(), await fixture().open()];
    const owner = await fixture().accounts.create();
    const before = await store(fixture(), engine, { user: owner });
    const [first, second] = [newRecord(fixture(), { user: owner }), newRecord(fixture(), { user: owner })];
    const goOn = { replaces: before.key, onlyIfLive: true };
    expect(await Promise.all([engine.create(first, goOn), other.create(second, goOn)])).toContain(true);
    expect((await engine.load(before.key)).status).toBe('absent');
    expect((await engine.listByUser(owner.user.id)).sessions).toHaveLength(1);
    // One after the other, by a browser that has not heard of the new id yet.
    const third = newRecord(fixture(), { user: owner });
    expect(await engine.create(third, goOn)).toBe(true);
    expect((await engine.listByUser(owner.user.id)).sessions).toMatchObject([{ record: { key: third.key } }]);
  });

  test('semantics 28: ended and given another id at the same moment, it is ended in 40 of 40 tries', async () => {
    const [engine, other] = [await fixture().open(), await fixture().open()];
    const owner = await fixture().accounts.create();
    for (let attempt = 0; attempt < 40; attempt++) {
      const before = await store(fixture(), engine, { user: owner });
      const after = newRecord(fixture(), { user: owner });
      const [ended, wentOn] = await Promise.all([
        engine.destroy(before.key),
        other.create(after, { replaces: before.key, onlyIfLive: true }),
      ]);
      expect([ended, wentOn]).toContain(true);
      expect(await engine.count()).toEqual({ sessions: 0, users: 0 });
      expect((await other.load(after.key)).status).toBe('absent');
    }
  });

  test('a session whose place was taken says so, and to end it ends what took its place', async () => {
    const [engine, other] = [await fixture().open(), await fixture().open()];
    const [before, neighbour] = [await store(fixture(), engine), await store(fixture(), engine)];
    expect(await engine.isReplaced(before.key)).toBe(false);
    const after = newRecord(fixture());
    await engine.create(after, { replaces: before.key });
    expect((await other.load(after.key)).status).toBe('live');
    expect([await other.isReplaced(before.key), await other.isReplaced(after.key)]).toEqual([true, false]);
    expect(await other.destroy(before.key)).toBe(true);
    expect((await other.load(after.key)).status).toBe('absent');
    expect((await engine.load(after.key)).status).toBe('absent');
    expect(await engine.isReplaced(before.key)).toBe(false);
    expect(await engine.load(neighbour.key)).toMatchObject({ status: 'live' });
  });

  test('a session that cannot be created leaves the one it would have replaced', async () => {
    const engine = await fixture().open();
    const [before, neighbour] = [await store(fixture(), engine), await store(fixture(), engine)];
    // A key that is taken: one session is never written over by another.
    await expect(engine.create({ ...newRecord(fixture()), key: neighbour.key }, { replaces: before.key })).rejects.toThrow();
    expect((await engine.load(before.key)).status).toBe('live');
    expect(await engine.load(neighbour.key)).toMatchObject({ record: neighbour });
    await expect(engine.create({ ...newRecord(fixture()), key: neighbour.key })).rejects.toThrow();
    expect(await engine.load(neighbour.key)).toMatchObject({ record: neighbour });
  });

  test('semantics 33: a session that is in use is never purged, however close to its end', async () => {
    const [engine, purger] = [await fixture().open(), await fixture().open()];
    const records = await storeMany(fixture(), engine, 40);
    fixture().clock.advance(LIFETIMES.ageMs - 1);
    const visits = records.map(async ({ key }, index) => {
      const outcome = await engine.load(key, VISIT);
      // Halfway, the rest of them are over.
      if (index === 20) fixture().clock.advance(1);
      return { key, kept: outcome.status === 'live' };
    });
    const purges = Array.from({ length: 10 }, () => purger.purgeExpired(7));
    const outcomes = await Promise.all(visits);
    await Promise.all(purges);
    while ((await purger.purgeExpired(7)) > 0);
    expect(outcomes.filter(({ kept }) => kept)).not.toEqual([]);
    for (const { key, kept } of outcomes) expect((await engine.load(key)).status === 'live').toBe(kept);
  });

  test('semantics 34: ending or touching a session that is gone is not an error', async () => {
    const engine = await fixture().open();
    const record = await store(fixture(), engine);
    expect(await engine.destroy(record.key)).toBe(true);
    expect(await engine.destroy(record.key)).toBe(false);
    expect(await engine.touch(record.key, record)).toBe(false);
    expect(await engine.destroyByUser('nobody')).toBe(0);
    const expired = await store(fixture(), engine);
    fixture().clock.advance(LIFETIMES.ageMs);
    expect(await engine.destroy(expired.key)).toBe(false);
  });
}
