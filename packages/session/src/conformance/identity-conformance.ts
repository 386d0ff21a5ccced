import { expect, test } from 'vitest';
import { SessionStore } from '../session-store.ts';
import { newSessionId, sessionKey } from '../session-id.ts';
import { LIFETIMES, type EngineFixture } from './engine-fixture.ts';
import { newRecord, store } from './records.ts';

/** Whose a session is, and what is stored of it. */
export function identityConformance(fixture: () => EngineFixture): void {
  test('semantics 10: an id that was never issued is not adopted by anything that is done with it', async () => {
    const engine = await fixture().open();
    const { key, handle, data, version, ...clocks } = newRecord(fixture());
    expect(await engine.load(key)).toEqual({ status: 'absent' });
    expect(await engine.load(key, { ip: null, userAgent: null })).toEqual({ status: 'absent' });
    expect(await engine.update(key, { expectedVersion: version, data, clocks: { ...clocks } })).toEqual({ status: 'gone' });
    expect(await engine.touch(key, clocks)).toBe(false);
    expect(await engine.findByHandle(handle)).toBeUndefined();
    expect(await engine.count()).toEqual({ sessions: 0, users: 0 });
    expect(await fixture().dump()).not.toContain(key);
  });

  test('semantics 13: nothing that is stored contains the id of the cookie', async () => {
    const engine = await fixture().open();
    const id = newSessionId();
    await new SessionStore({ engine, lifetimes: LIFETIMES, now: fixture().clock.now }).set(id, {
      next: '/here',
      cookie: { originalMaxAge: null },
    });
    const dump = await fixture().dump();
    expect(dump).toContain('/here');
    expect(dump).toContain(sessionKey(id));
    expect(dump).not.toContain(id);
  });

  test('a session is read as it was stored, with its user', async () => {
    const engine = await fixture().open();
    const owner = await fixture().accounts.create();
    const data = { text: 'ä😀', list: [1, null, { deep: true }], count: 0, nothing: null, ['__proto__x']: 1 };
    const record = { ...newRecord(fixture(), { user: owner, data, customAgeSeconds: 3600 }), ip: '203.0.113.7', userAgent: 'Test/1' };
    expect(await engine.create(record)).toBe(true);
    expect(await engine.load(record.key)).toEqual({ status: 'live', record, user: owner.user, slid: false });
    expect(await engine.findByHandle(record.handle)).toEqual({ record, user: owner.user });
    expect((await engine.listByUser(owner.user.id)).sessions).toEqual([{ record, user: owner.user }]);
  });

  test('a session of a suspended user is not created, and nothing is stored of it', async () => {
    const engine = await fixture().open();
    const owner = await fixture().accounts.create();
    const before = await store(fixture(), engine);
    await fixture().accounts.suspend(owner.user.id);
    const record = newRecord(fixture(), { user: owner });
    expect(await engine.create(record, { replaces: before.key })).toBe(false);
    expect(await fixture().dump()).not.toContain(record.key);
    expect((await engine.load(before.key)).status).toBe('live');
  });

  test('a session from a password that has been changed meanwhile is not created, and nothing is stored of it', async () => {
    const engine = await fixture().open();
    const owner = await fixture().accounts.create();
    const before = await store(fixture(), engine);
    const epoch = await fixture().accounts.raiseEpoch(owner.user.id);
    const record = newRecord(fixture(), { user: owner });
    expect(await engine.create(record, { replaces: before.key })).toBe(false);
    expect(await fixture().dump()).not.toContain(record.key);
    expect((await engine.load(before.key)).status).toBe('live');
    expect(await engine.create({ ...record, credentialEpoch: epoch })).toBe(true);
  });

  test('a session of a user who does not exist is not created', async () => {
    const engine = await fixture().open();
    const owner = await fixture().accounts.create();
    await fixture().accounts.remove(owner.user.id);
    expect(await engine.create(newRecord(fixture(), { user: owner }))).toBe(false);
  });

  test('semantics 38: a changed name or role shows in every open session at once, in another process too', async () => {
    const [engine, other] = [await fixture().open(), await fixture().open()];
    const owner = await fixture().accounts.create();
    const [first, second] = [await store(fixture(), engine, { user: owner }), await store(fixture(), other, { user: owner })];
    await fixture().accounts.rename(owner.user.id, 'Renamed');
    await fixture().accounts.setRole(owner.user.id, 'admin');
    for (const process of [engine, other]) {
      for (const { key, handle } of [first, second]) {
        expect(await process.load(key)).toMatchObject({ status: 'live', user: { name: 'Renamed', role: 'admin' } });
        expect(await process.findByHandle(handle)).toMatchObject({ user: { name: 'Renamed', role: 'admin' } });
      }
      for (const { user } of (await process.listByUser(owner.user.id)).sessions)
        expect(user).toMatchObject({ name: 'Renamed', role: 'admin' });
    }
  });

  test.each(['suspend', 'remove', 'raiseEpoch'] as const)(
    'semantics 38: %s of the user ends all of his sessions, in another process too, and nobody else’s',
    async (change) => {
      const [engine, other] = [await fixture().open(), await fixture().open()];
      const [owner, bystander] = [await fixture().accounts.create(), await fixture().accounts.create()];
      const [mine, theirs] = [await store(fixture(), engine, { user: owner }), await store(fixture(), engine, { user: bystander })];
      const seen = await other.load(mine.key);
      expect(seen.status).toBe('live');
      await fixture().accounts[change](owner.user.id);
      for (const process of [engine, other]) {
        expect(await process.load(mine.key)).toEqual({ status: 'absent' });
        expect(await process.findByHandle(mine.handle)).toBeUndefined();
        expect((await process.listByUser(owner.user.id)).sessions).toEqual([]);
        expect(await process.update(mine.key, { expectedVersion: mine.version, data: { revived: true }, clocks: mine })).toEqual({
          status: 'gone',
        });
        expect(await process.touch(mine.key, mine)).toBe(false);
        expect(await process.count()).toEqual({ sessions: 1, users: 1 });
      }
      expect((await engine.load(theirs.key)).status).toBe('live');
    },
  );

  test('semantics 38: a suspended user’s sessions stay ended when the account is open again', async () => {
    const engine = await fixture().open();
    const owner = await fixture().accounts.create();
    const record = await store(fixture(), engine, { user: owner });
    await fixture().accounts.suspend(owner.user.id);
    await fixture().accounts.reactivate(owner.user.id);
    expect(await engine.load(record.key)).toEqual({ status: 'absent' });
    expect((await engine.listByUser(owner.user.id)).sessions).toEqual([]);
  });

  test('semantics 38: ending all sessions but one leaves that one', async () => {
    const engine = await fixture().open();
    const owner = await fixture().accounts.create();
    const [kept, ...others] = [
      await store(fixture(), engine, { user: owner }),
      await store(fixture(), engine, { user: owner }),
      await store(fixture(), engine, { user: owner }),
    ];
    expect(await engine.destroyByUser(owner.user.id, { exceptKey: kept.key })).toBe(2);
    expect((await engine.load(kept.key)).status).toBe('live');
    for (const { key } of others) expect((await engine.load(key)).status).toBe('absent');
  });

  test('security 47: whoever ends all sessions of a user refuses the adoption of others of that user, and of nobody else', async () => {
    const engine = await fixture().open();
    const [owner, other] = [await fixture().accounts.create(), await fixture().accounts.create()];
    const kept = await store(fixture(), engine, { user: owner });
    await engine.destroy((await store(fixture(), engine, { user: owner })).key);
    expect(await engine.refusesAdoption(owner.user.id)).toBe(false);
    expect(await engine.destroyByUser(owner.user.id, { exceptKey: kept.key })).toBe(0);
    expect(await engine.destroyByUser(owner.user.id, { exceptKey: kept.key })).toBe(0);
    expect(await engine.refusesAdoption(owner.user.id)).toBe(true);
    expect(await engine.refusesAdoption(other.user.id)).toBe(false);
    await engine.destroyAll();
    expect(await engine.refusesAdoption(other.user.id)).toBe(true);
  });

  test('semantics 39: a stored session shows its data by its handle, and neither id nor anything to make one of', async () => {
    const engine = await fixture().open();
    const owner = await fixture().accounts.create();
    const { handle, key } = await store(fixture(), engine, { user: owner, data: { next: '/cart' } });
    const found = await engine.findByHandle(handle);
    expect(found).toMatchObject({ record: { handle, data: { next: '/cart' } }, user: { id: owner.user.id } });
    expect(handle).toMatch(/^ses_[\w-]+$/);
    expect(key).not.toContain(handle.slice(4));
    expect(await engine.findByHandle(key)).toBeUndefined();
  });

  test('semantics 42: a corrupt value is treated as signed out, reported once, and harms nobody else', async () => {
    const engine = await fixture().open();
    const owner = await fixture().accounts.create();
    const [broken, sound] = [await store(fixture(), engine, { user: owner }), await store(fixture(), engine, { user: owner })];
    await fixture().corrupt(broken.key);
    expect(await engine.load(broken.key)).toEqual({ status: 'absent' });
    expect(await engine.load(broken.key)).toEqual({ status: 'absent' });
    expect(fixture().corruptions).toHaveLength(1);
    expect([broken.handle, broken.key]).toContain(fixture().corruptions[0]);
    expect((await engine.listByUser(owner.user.id)).sessions.map(({ record }) => record.key)).toEqual([sound.key]);
    expect(await engine.count()).toEqual({ sessions: 1, users: 1 });
  });

  test('semantics 42: a list with a corrupt value in it shows the others, and it is removed', async () => {
    const engine = await fixture().open();
    const owner = await fixture().accounts.create();
    const [broken, sound] = [await store(fixture(), engine, { user: owner }), await store(fixture(), engine, { user: owner })];
    await fixture().corrupt(broken.key);
    expect((await engine.listByUser(owner.user.id)).sessions.map(({ record }) => record.key)).toEqual([sound.key]);
    expect((await engine.list({ limit: 10 })).sessions.map(({ record }) => record.key)).toEqual([sound.key]);
    expect(await engine.update(broken.key, { expectedVersion: 1, data: {}, clocks: broken })).toEqual({ status: 'gone' });
    expect(fixture().corruptions).toHaveLength(1);
  });
}
