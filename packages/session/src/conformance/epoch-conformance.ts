import { expect, test } from 'vitest';
import type { Engine } from '../engine-port.ts';
import { freshSecrets } from '../secrets.ts';
import type { EngineFixture } from './engine-fixture.ts';
import { loadOf, newHash, newRecord, store } from './records.ts';

const CLIENT = { ip: null, userAgent: null };

/** A session is only valid with its account's current credentials, and no copy of an account is used if it may be stale. */
export function epochConformance(fixture: () => EngineFixture): void {
  const two = async (): Promise<[Engine, Engine]> => [await fixture().open(), await fixture().open()];
  const fresh = () => freshSecrets({ secretHash: newHash(), nowMs: fixture().clock.now() });

  test('semantics 50: a session with an older epoch than its account is ended, although nothing ended it', async () => {
    const [engine, other] = await two();
    const owner = await fixture().accounts.create();
    const record = await store(fixture(), engine, { user: owner });
    for (const process of [engine, other]) expect((await loadOf(process, record, CLIENT)).status).toBe('live');
    const token = await engine.beginUserChange(owner.user.id);
    const credentialEpoch = await fixture().source.raiseEpoch(owner.user.id);
    await engine.endUserChange(owner.user.id, token);
    for (const process of [engine, other]) {
      expect(await loadOf(process, record, CLIENT)).toEqual({ status: 'absent' });
      expect(await process.find(record.handle)).toBeUndefined();
      expect((await process.listByUser(owner.user.id)).sessions).toEqual([]);
      // A new password does not revive it, but creates a new session.
      for (const change of [{ data: {} }, { secrets: fresh() }, { secrets: fresh(), credentialEpoch }])
        expect(await process.update(record.handle, { expectedVersion: 1, timestamps: record, ...change })).toEqual({ status: 'gone' });
      expect(await process.touch(record.handle, record)).toBe(false);
      expect(await process.claim(record.handle, { successor: record.handle, expectedVersion: 1 })).toEqual({ status: 'gone' });
    }
    expect((await loadOf(other, await store(fixture(), engine, { user: { ...owner, credentialEpoch } }))).status).toBe('live');
  });

  test('when the epoch rises, the excepted session is kept with the new epoch, and all others end', async () => {
    const [engine, other] = await two();
    const owner = await fixture().accounts.create();
    const [kept, ended] = [await store(fixture(), engine, { user: owner }), await store(fixture(), engine, { user: owner })];
    for (let change = 1; change <= 3; change += 1) {
      const epoch = await fixture().accounts.raiseEpoch(owner.user.id, { exceptHandle: kept.handle });
      for (const process of [engine, other]) {
        expect(await loadOf(process, kept, CLIENT)).toMatchObject({ status: 'live', record: { credentialEpoch: epoch } });
        expect(await loadOf(process, ended, CLIENT)).toEqual({ status: 'absent' });
        expect((await process.listByUser(owner.user.id)).sessions.map(({ record }) => record.handle)).toEqual([kept.handle]);
        expect(await process.count()).toEqual({ sessions: 1, users: 1 });
      }
    }
  });

  test('all sessions of a user end except one, which can be given the account’s next epoch', async () => {
    const [engine, other] = await two();
    const [owner, bystander] = [await fixture().accounts.create(), await fixture().accounts.create()];
    const kept = await store(fixture(), engine, { user: owner });
    const others = [await store(fixture(), engine, { user: owner }), await store(fixture(), other, { user: owner })];
    const theirs = await store(fixture(), engine, { user: bystander });
    const except = { exceptHandle: kept.handle, exceptEpoch: owner.credentialEpoch + 1 };
    expect(await engine.destroyByUser(owner.user.id, except)).toBe(2);
    for (const record of others) expect(await loadOf(other, record)).toEqual({ status: 'absent' });
    // Also before the account has changed, and if it never does.
    for (const record of [kept, theirs]) expect(await loadOf(other, record)).toMatchObject({ status: 'live' });
    expect(await engine.destroyByUser(owner.user.id, except)).toBe(0);
    // Another user's session is not kept, and its epoch does not change.
    expect(await engine.destroyByUser(owner.user.id, { exceptHandle: theirs.handle, exceptEpoch: 7 })).toBe(1);
    expect(await loadOf(other, theirs)).toMatchObject({ status: 'live', record: { credentialEpoch: bystander.credentialEpoch } });
  });

  test('security: a user can only end their own sessions', async () => {
    const [engine, other] = await two();
    const [owner, stranger] = [await fixture().accounts.create(), await fixture().accounts.create()];
    const [record, anonymous] = [await store(fixture(), engine, { user: owner }), await store(fixture(), engine)];
    await loadOf(other, record);
    for (const one of [record, anonymous]) {
      expect(await other.destroy(one.handle, { ofUser: stranger.user.id })).toBe(false);
      expect((await loadOf(engine, one)).status).toBe('live');
    }
    expect(await other.destroy(anonymous.handle, { ofUser: owner.user.id })).toBe(false);
    expect(await other.destroy(record.handle, { ofUser: owner.user.id })).toBe(true);
    expect(await other.destroy(record.handle, { ofUser: owner.user.id })).toBe(false);
    expect(await loadOf(engine, record)).toEqual({ status: 'absent' });
    expect(await other.destroy(anonymous.handle)).toBe(true);
  });

  test('a user who has just authenticated gets a session with the account’s epoch; if it has risen since, it is refused', async () => {
    const [engine, other] = await two();
    const owner = await fixture().accounts.create();
    const record = await store(fixture(), engine, { user: owner });
    const prove = (process: Engine, expectedVersion: number, credentialEpoch: number, secrets = fresh()) =>
      process.update(record.handle, { expectedVersion, timestamps: record, secrets, credentialEpoch });
    expect(await prove(other, 1, owner.credentialEpoch, record)).toMatchObject({ status: 'updated' });
    for (const epoch of [owner.credentialEpoch + 1, owner.credentialEpoch - 1])
      expect(await prove(engine, 2, epoch)).toEqual({ status: 'gone' });
    expect(await loadOf(engine, record)).toMatchObject({ status: 'live', record: { credentialEpoch: owner.credentialEpoch, version: 2 } });
    // The password was checked before the change, and the change has kept this session.
    const epoch = await fixture().accounts.raiseEpoch(owner.user.id, { exceptHandle: record.handle });
    const version = (await engine.find(record.handle))?.record.version ?? 0;
    expect(await prove(engine, version, owner.credentialEpoch)).toEqual({ status: 'gone' });
    expect(await loadOf(engine, record)).toMatchObject({ status: 'live', record: { credentialEpoch: epoch } });
    const after = { ...record, ...fresh() };
    expect(await prove(other, version, epoch, after)).toMatchObject({ status: 'updated' });
    expect(await loadOf(engine, after)).toMatchObject({ status: 'live', record: { credentialEpoch: epoch } });
    await fixture().accounts.suspend(owner.user.id);
    expect(await prove(other, version + 1, epoch)).toEqual({ status: 'gone' });
  });

  test('while an account changes, every load returns the account as it is, before and after the change', async () => {
    const [engine, other] = await two();
    const owner = await fixture().accounts.create();
    const record = await store(fixture(), engine, { user: owner });
    const seen = async (name: string) => {
      for (const process of [engine, other]) {
        expect(await loadOf(process, record, CLIENT)).toMatchObject({ status: 'live', user: { name } });
        expect(await process.find(record.handle)).toMatchObject({ user: { name } });
        expect((await process.listByUser(owner.user.id)).sessions).toMatchObject([{ user: { name } }]);
      }
    };
    await seen(owner.user.name);
    const token = await engine.beginUserChange(owner.user.id);
    await seen(owner.user.name);
    await fixture().source.rename(owner.user.id, 'Renamed');
    await seen('Renamed');
    await engine.endUserChange(owner.user.id, token);
    await seen('Renamed');
    await fixture().accounts.rename(owner.user.id, 'Renamed again');
    await seen('Renamed again');
  });

  test.each(['suspend', 'remove', 'raiseEpoch'] as const)(
    'semantics 38: %s ends all sessions when it is committed, even if the process dies before it ends one',
    async (change) => {
      const [engine, other] = await two();
      const [owner, bystander] = [await fixture().accounts.create(), await fixture().accounts.create()];
      const [mine, theirs] = [await store(fixture(), engine, { user: owner }), await store(fixture(), engine, { user: bystander })];
      for (const process of [engine, other]) expect((await loadOf(process, mine, CLIENT)).status).toBe('live');
      await engine.beginUserChange(owner.user.id);
      expect((await loadOf(other, mine, CLIENT)).status).toBe('live');
      await fixture().source[change](owner.user.id);
      // However long ago the process died.
      for (let round = 0; round < 3; round += 1) {
        for (const process of [engine, other]) {
          expect(await loadOf(process, mine, CLIENT)).toEqual({ status: 'absent' });
          expect(await process.find(mine.handle)).toBeUndefined();
          expect((await process.listByUser(owner.user.id)).sessions).toEqual([]);
          expect(await process.create(await newRecord(fixture(), process, { user: owner }))).toBe(false);
          expect((await loadOf(process, theirs, CLIENT)).status).toBe('live');
        }
        fixture().clock.advance(120_000);
      }
    },
  );

  test('semantics 50: after a change that was begun and never ended, sign-ins, ends and later changes still work', async () => {
    const [engine, other] = await two();
    const owner = await fixture().accounts.create();
    await engine.beginUserChange(owner.user.id);
    for (let round = 0; round < 3; round += 1) {
      const record = await store(fixture(), other, { user: owner });
      const name = `Name ${round}`;
      await fixture().accounts.rename(owner.user.id, name);
      for (const process of [engine, other])
        expect(await loadOf(process, record, CLIENT)).toMatchObject({ status: 'live', user: { name } });
      expect(await engine.update(record.handle, { expectedVersion: 1, timestamps: record, data: { round } })).toMatchObject({
        status: 'updated',
      });
      expect(await other.destroyByUser(owner.user.id)).toBe(1);
      expect(await loadOf(engine, record)).toEqual({ status: 'absent' });
      fixture().clock.advance(120_000);
    }
  });

  test('the end of one of two concurrent changes of an account does not end the other', async () => {
    const [engine, other] = await two();
    for (const isFirstEnded of [true, false]) {
      const owner = await fixture().accounts.create();
      const record = await store(fixture(), engine, { user: owner });
      const tokens = [await engine.beginUserChange(owner.user.id), await other.beginUserChange(owner.user.id)] as const;
      await engine.endUserChange(owner.user.id, tokens[isFirstEnded ? 0 : 1]);
      await engine.endUserChange(owner.user.id, 'an unknown token');
      expect((await loadOf(other, record, CLIENT)).status).toBe('live');
      // The other change commits, and its process dies.
      await fixture().source.raiseEpoch(owner.user.id);
      for (const process of [engine, other]) expect(await loadOf(process, record, CLIENT)).toEqual({ status: 'absent' });
    }
  });

  test('semantics 50: a load during a change stores no copy of the old account', async () => {
    const [engine, other] = await two();
    for (let attempt = 0; attempt < 20; attempt++) {
      const owner = await fixture().accounts.create();
      const record = await store(fixture(), engine, { user: owner });
      const change = async () => {
        const token = await engine.beginUserChange(owner.user.id);
        await fixture().source.raiseEpoch(owner.user.id);
        await engine.endUserChange(owner.user.id, token);
      };
      const loads = async () => {
        for (let load = 0; load < 5; load++) await loadOf(attempt % 2 ? other : engine, record, CLIENT);
      };
      await Promise.all(attempt % 3 ? [loads(), change(), loads()] : [change(), loads()]);
      for (const process of [engine, other]) expect(await loadOf(process, record, CLIENT)).toEqual({ status: 'absent' });
    }
  });
}
