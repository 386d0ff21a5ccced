import { expect, test } from 'vitest';
import { NO_EXPIRY } from '../policy.ts';
import { hashSecret, newSecret } from '../session-id.ts';
import { LIFETIMES, type EngineFixture } from './engine-fixture.ts';
import { loadOf, newHash, newRecord, store } from './records.ts';
import { requestsAt } from './requests.ts';

/** A session's user, and what is stored. */
export function identityConformance(fixture: () => EngineFixture): void {
  test('semantics 10: no operation adopts a handle that was never issued', async () => {
    const engine = await fixture().open();
    const record = await newRecord(fixture(), engine);
    expect(await loadOf(engine, record)).toEqual({ status: 'absent' });
    expect(await loadOf(engine, record, { ip: null, userAgent: null })).toEqual({ status: 'absent' });
    for (const change of [{ data: {} }, { secrets: record }, { secrets: record, credentialEpoch: 0 }])
      expect(await engine.update(record.handle, { expectedVersion: 1, timestamps: record, ...change })).toEqual({ status: 'gone' });
    expect(await engine.touch(record.handle, record)).toBe(false);
    expect(await engine.claim(record.handle, { successor: record.handle, expectedVersion: 1 })).toEqual({ status: 'gone' });
    expect(await engine.find(record.handle)).toBeUndefined();
    expect(await engine.count()).toEqual({ sessions: 0, users: 0 });
    expect(await fixture().dump()).not.toContain(record.secretHash);
    expect(await engine.create(record)).toBe(true);
  });

  test('semantics 9: every handle is unique and reveals nothing about its user', async () => {
    const engine = await fixture().open();
    const { id } = (await fixture().accounts.create()).user;
    const handles = await Promise.all(Array.from({ length: 100 }, (_, index) => engine.newHandle(index % 2 ? id : null)));
    expect(new Set(handles).size).toBe(100);
    for (const handle of handles) {
      expect(handle).toMatch(/^ses_[\w-]{27}$/);
      for (const part of id.split('-').filter(({ length }) => length >= 8)) expect(handle).not.toContain(part);
    }
  });

  test('semantics 13: storage does not contain any cookie’s secret', async () => {
    const engine = await fixture().open();
    const owner = await fixture().accounts.create();
    const requests = requestsAt({ engine, lifetimes: LIFETIMES, now: fixture().clock.now });
    const nobodys = { handle: await engine.newHandle(null), secret: newSecret() };
    const { cookie } = await requests.signIn(owner.user, owner.credentialEpoch)(nobodys);
    if (typeof cookie !== 'object') throw new Error('The sign-in set no cookie.');
    await requests.write({ next: '/here' })(cookie);
    const dump = await fixture().dump();
    for (const stored of ['/here', cookie.handle, hashSecret(cookie.secret)]) expect(dump).toContain(stored);
    for (const secret of [cookie.secret, nobodys.secret]) expect(dump).not.toContain(secret);
  });

  test('a session is read as it was stored, with its user', async () => {
    const engine = await fixture().open();
    const owner = await fixture().accounts.create();
    const data = { text: 'ä😀', list: [1, null, { deep: true }], count: 0, nothing: null, ['__proto__x']: 1 };
    const options = { user: owner, data, customAgeSeconds: 3600 };
    const record = { ...(await newRecord(fixture(), engine, options)), ip: '203.0.113.7', userAgent: 'Test/1' };
    expect(await engine.create(record)).toBe(true);
    expect(await loadOf(engine, record)).toEqual({ status: 'live', record, user: owner.user, slid: false, secret: 'current' });
    expect(await engine.find(record.handle)).toEqual({ record, user: owner.user });
    expect((await engine.listByUser(owner.user.id)).sessions).toEqual([{ record, user: owner.user }]);
  });

  test('an update writes every field that it is given and leaves the others', async () => {
    const engine = await fixture().open();
    const owner = await fixture().accounts.create();
    const before = await store(fixture(), engine, { user: owner, data: { step: 1 }, customAgeSeconds: 3600 });
    const timestamps = {
      ...NO_EXPIRY,
      createdAtMs: before.createdAtMs,
      renewedAtMs: before.renewedAtMs + 1,
      lastActivityAtMs: before.lastActivityAtMs + 2,
      expiresAtMs: before.expiresAtMs + 3,
    };
    expect(await engine.update(before.handle, { expectedVersion: 1, timestamps })).toMatchObject({ status: 'updated' });
    const moved = { ...before, ...timestamps, version: 2 };
    expect(await engine.find(before.handle)).toEqual({ record: moved, user: owner.user });
    const secrets = {
      secretHash: newHash(),
      previousSecretHash: before.secretHash,
      rotatedAtMs: before.rotatedAtMs + 4,
      presentedAtMs: null,
    };
    const client = { ip: '203.0.113.7', userAgent: 'Test/1' };
    const update = { expectedVersion: 2, timestamps, data: { step: 2 }, secrets, client, credentialEpoch: owner.credentialEpoch };
    expect(await engine.update(before.handle, update)).toMatchObject({ status: 'updated' });
    expect(await engine.find(before.handle)).toEqual({
      record: { ...moved, ...secrets, ...client, data: { step: 2 }, version: 3 },
      user: owner.user,
    });
  });

  test('no session is created for a suspended user, and nothing is stored', async () => {
    const engine = await fixture().open();
    const owner = await fixture().accounts.create();
    await fixture().accounts.suspend(owner.user.id);
    const record = await newRecord(fixture(), engine, { user: owner });
    expect(await engine.create(record)).toBe(false);
    expect(await fixture().dump()).not.toContain(record.secretHash);
  });

  test('no session is created with an outdated password, and nothing is stored', async () => {
    const engine = await fixture().open();
    const owner = await fixture().accounts.create();
    const epoch = await fixture().accounts.raiseEpoch(owner.user.id);
    const record = await newRecord(fixture(), engine, { user: owner });
    expect(await engine.create(record)).toBe(false);
    expect(await fixture().dump()).not.toContain(record.secretHash);
    expect(await engine.create({ ...record, credentialEpoch: epoch })).toBe(true);
  });

  test('no session is created for an unknown user', async () => {
    const engine = await fixture().open();
    const owner = await fixture().accounts.create();
    await fixture().accounts.remove(owner.user.id);
    expect(await engine.create(await newRecord(fixture(), engine, { user: owner }))).toBe(false);
  });

  test('semantics 38: a changed name or role shows at once in every open session, also in another process', async () => {
    const [engine, other] = [await fixture().open(), await fixture().open()];
    const owner = await fixture().accounts.create();
    const [first, second] = [await store(fixture(), engine, { user: owner }), await store(fixture(), other, { user: owner })];
    await fixture().accounts.rename(owner.user.id, 'Renamed');
    await fixture().accounts.setRole(owner.user.id, 'admin');
    for (const process of [engine, other]) {
      for (const record of [first, second]) {
        expect(await loadOf(process, record)).toMatchObject({ status: 'live', user: { name: 'Renamed', role: 'admin' } });
        expect(await process.find(record.handle)).toMatchObject({ user: { name: 'Renamed', role: 'admin' } });
      }
      for (const { user } of (await process.listByUser(owner.user.id)).sessions)
        expect(user).toMatchObject({ name: 'Renamed', role: 'admin' });
    }
  });

  test.each(['suspend', 'remove', 'raiseEpoch'] as const)(
    'semantics 38: %s of the user ends all of their sessions, also in another process, and no other user’s',
    async (change) => {
      const [engine, other] = [await fixture().open(), await fixture().open()];
      const [owner, bystander] = [await fixture().accounts.create(), await fixture().accounts.create()];
      const [mine, theirs] = [await store(fixture(), engine, { user: owner }), await store(fixture(), engine, { user: bystander })];
      const seen = await loadOf(other, mine);
      expect(seen.status).toBe('live');
      await fixture().accounts[change](owner.user.id);
      for (const process of [engine, other]) {
        expect(await loadOf(process, mine)).toEqual({ status: 'absent' });
        expect(await process.find(mine.handle)).toBeUndefined();
        expect((await process.listByUser(owner.user.id)).sessions).toEqual([]);
        expect(await process.update(mine.handle, { expectedVersion: mine.version, data: { revived: true }, timestamps: mine })).toEqual({
          status: 'gone',
        });
        expect(await process.touch(mine.handle, mine)).toBe(false);
        expect(await process.count()).toEqual({ sessions: 1, users: 1 });
      }
      expect((await loadOf(engine, theirs)).status).toBe('live');
    },
  );

  test('semantics 38: a suspended user’s sessions stay ended after reactivation', async () => {
    const engine = await fixture().open();
    const owner = await fixture().accounts.create();
    const record = await store(fixture(), engine, { user: owner });
    await fixture().accounts.suspend(owner.user.id);
    await fixture().accounts.reactivate(owner.user.id);
    expect(await loadOf(engine, record)).toEqual({ status: 'absent' });
    expect((await engine.listByUser(owner.user.id)).sessions).toEqual([]);
  });

  test('semantics 38: ending all sessions except one keeps that one', async () => {
    const engine = await fixture().open();
    const owner = await fixture().accounts.create();
    const [kept, ...others] = [
      await store(fixture(), engine, { user: owner }),
      await store(fixture(), engine, { user: owner }),
      await store(fixture(), engine, { user: owner }),
    ];
    expect(await engine.destroyByUser(owner.user.id, { exceptHandle: kept.handle })).toBe(2);
    expect((await loadOf(engine, kept)).status).toBe('live');
    for (const record of others) expect((await loadOf(engine, record)).status).toBe('absent');
  });

  test('security 47: ending all sessions of a user refuses adoption for that user and no other', async () => {
    const engine = await fixture().open();
    const [owner, other] = [await fixture().accounts.create(), await fixture().accounts.create()];
    const kept = await store(fixture(), engine, { user: owner });
    await engine.destroy((await store(fixture(), engine, { user: owner })).handle);
    expect(await engine.refusesAdoption(owner.user.id)).toBe(false);
    expect(await engine.destroyByUser(owner.user.id, { exceptHandle: kept.handle })).toBe(0);
    expect(await engine.destroyByUser(owner.user.id, { exceptHandle: kept.handle })).toBe(0);
    expect(await engine.refusesAdoption(owner.user.id)).toBe(true);
    expect(await engine.refusesAdoption(other.user.id)).toBe(false);
    await engine.destroyAll();
    expect(await engine.refusesAdoption(other.user.id)).toBe(true);
  });

  test('semantics 39: a stored session can be read by its handle, which is not a credential', async () => {
    const engine = await fixture().open();
    const owner = await fixture().accounts.create();
    const { handle, secretHash } = await store(fixture(), engine, { user: owner, data: { next: '/cart' } });
    expect(await engine.find(handle)).toMatchObject({ record: { handle, data: { next: '/cart' } }, user: { id: owner.user.id } });
    for (const guess of [handle, handle.slice(4), hashSecret(handle), hashSecret(''), hashSecret(secretHash), 'null', ''])
      expect(await engine.load(handle, { secretHash: guess })).toEqual({ status: 'absent' });
    expect(await engine.find(secretHash)).toBeUndefined();
  });

  test('semantics 42: a corrupt value counts as signed out, is reported once, and affects no other session', async () => {
    const engine = await fixture().open();
    const owner = await fixture().accounts.create();
    const [broken, sound] = [await store(fixture(), engine, { user: owner }), await store(fixture(), engine, { user: owner })];
    await fixture().corrupt(broken.handle);
    expect(await loadOf(engine, broken)).toEqual({ status: 'absent' });
    expect(await loadOf(engine, broken)).toEqual({ status: 'absent' });
    expect(fixture().corruptions).toEqual([broken.handle]);
    expect((await engine.listByUser(owner.user.id)).sessions.map(({ record }) => record.handle)).toEqual([sound.handle]);
    expect(await engine.count()).toEqual({ sessions: 1, users: 1 });
  });

  test('semantics 42: a list with a corrupt value returns the others and removes it', async () => {
    const engine = await fixture().open();
    const owner = await fixture().accounts.create();
    const [broken, sound] = [await store(fixture(), engine, { user: owner }), await store(fixture(), engine, { user: owner })];
    await fixture().corrupt(broken.handle);
    expect((await engine.listByUser(owner.user.id)).sessions.map(({ record }) => record.handle)).toEqual([sound.handle]);
    expect((await engine.list({ limit: 10 })).sessions.map(({ record }) => record.handle)).toEqual([sound.handle]);
    expect(await engine.update(broken.handle, { expectedVersion: 1, data: {}, timestamps: broken })).toEqual({ status: 'gone' });
    expect(fixture().corruptions).toEqual([broken.handle]);
  });
}
