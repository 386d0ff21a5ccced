import { expect, test } from 'vitest';
import type { Engine, SessionRecord } from '../engine-port.ts';
import { LIFETIMES, type EngineFixture, type TestUser } from './engine-fixture.ts';
import { loadOf, newRecord, rotated, rotateTo, signInFrom, store, storeMany } from './records.ts';

const NO_CLIENT = { ip: null, userAgent: null };

/** `limitPerUser`: the maximum number of sessions of a user. */
export function limitConformance(fixture: () => EngineFixture): void {
  const handlesOf = async (engine: Engine, { user }: TestUser): Promise<Set<string>> =>
    new Set((await engine.listByUser(user.id)).sessions.map(({ record }) => record.handle));

  /** Stores this many sessions, a second apart. */
  async function storeInTurn(engine: Engine, count: number, user: TestUser) {
    const stored = [];
    for (let index = 0; index < count; index += 1) {
      stored.push(await store(fixture(), engine, { user }));
      fixture().clock.advance(1000);
    }
    return stored;
  }

  test('semantics 51: a sign-in beyond the limit ends the least recently used session, reports it, and affects no other user', async () => {
    const engine = await fixture().open({ limitPerUser: 3, activityIntervalMs: 0 });
    const [owner, other] = [await fixture().accounts.create(), await fixture().accounts.create()];
    const [first, second, third] = (await storeInTurn(engine, 3, owner)) as [SessionRecord, SessionRecord, SessionRecord];
    await storeInTurn(engine, 3, other);
    expect(fixture().evictions).toEqual([]);
    await loadOf(engine, first, NO_CLIENT);
    fixture().clock.advance(1000);
    const fourth = await store(fixture(), engine, { user: owner });
    expect(await handlesOf(engine, owner)).toEqual(new Set([first.handle, third.handle, fourth.handle]));
    expect(await loadOf(engine, second)).toEqual({ status: 'absent' });
    expect(fixture().evictions).toEqual([second.handle]);
    expect(await engine.count()).toEqual({ sessions: 6, users: 2 });
    expect(await fixture().dump()).not.toContain(second.secretHash);
    // The new one, whatever the clock says.
    const behind = await store(fixture(), engine, { user: owner, createdAtMs: fixture().clock.now() - 60_000 });
    expect((await loadOf(engine, behind)).status).toBe('live');
    expect((await handlesOf(engine, owner)).size).toBe(3);
  });

  test('twenty concurrent sign-ins in two processes stay within the limit, and each ended session is reported once', async () => {
    const engines = [await fixture().open({ limitPerUser: 5 }), await fixture().open({ limitPerUser: 5 })] as const;
    const owner = await fixture().accounts.create();
    const before = await storeInTurn(engines[0], 3, owner);
    const records = await Promise.all(Array.from({ length: 20 }, () => newRecord(fixture(), engines[0], { user: owner })));
    const created = await Promise.all(records.map((record, index) => (engines[index % 2] as Engine).create(record)));
    expect(created).toEqual(records.map(() => true));
    const live = await handlesOf(engines[0], owner);
    expect(live.size).toBe(5);
    expect(await engines[1].count()).toEqual({ sessions: 5, users: 1 });
    const ended = [...before, ...records].filter(({ handle }) => !live.has(handle));
    expect(fixture().evictions.toSorted()).toEqual(ended.map(({ handle }) => handle).toSorted());
  });

  test('a rotation and a repeated sign-in of the same user add no session', async () => {
    const engine = await fixture().open({ limitPerUser: 3 });
    const owner = await fixture().accounts.create();
    const [first, second, third] = (await storeInTurn(engine, 3, owner)) as [SessionRecord, SessionRecord, SessionRecord];
    expect(await rotateTo(engine, rotated(second, fixture().clock.now()))).toMatchObject({ status: 'updated' });
    const signedIn = { ...rotated(third, fixture().clock.now()), previousSecretHash: null };
    expect(
      await engine.update(third.handle, {
        expectedVersion: 1,
        timestamps: signedIn,
        secrets: signedIn,
        credentialEpoch: owner.credentialEpoch,
      }),
    ).toMatchObject({ status: 'updated' });
    expect(await handlesOf(engine, owner)).toEqual(new Set([first.handle, second.handle, third.handle]));
    expect(fixture().evictions).toEqual([]);
  });

  test('claimed sessions do not count', async () => {
    const engine = await fixture().open({ limitPerUser: 3 });
    const [owner, other] = [await fixture().accounts.create(), await fixture().accounts.create()];
    const [first, second, third] = (await storeInTurn(engine, 3, owner)) as [SessionRecord, SessionRecord, SessionRecord];
    await signInFrom(fixture(), engine, first, { user: other });
    const fourth = await store(fixture(), engine, { user: owner });
    expect(await handlesOf(engine, owner)).toEqual(new Set([second.handle, third.handle, fourth.handle]));
    expect(fixture().evictions).toEqual([]);
  });

  test('expired sessions do not count', async () => {
    const engine = await fixture().open({ limitPerUser: 3 });
    const owner = await fixture().accounts.create();
    const lasting = await storeInTurn(engine, 2, owner);
    await storeMany(fixture(), engine, 1, { user: owner, customAgeSeconds: 1 });
    fixture().clock.advance(1000);
    const last = await store(fixture(), engine, { user: owner });
    expect(await handlesOf(engine, owner)).toEqual(new Set([...lasting, last].map(({ handle }) => handle)));
    expect(fixture().evictions).toEqual([]);
  });

  test('a lowered limit applies from the next sign-in on; it does not apply to anonymous sessions, and 0 means no limit', async () => {
    const [unlimited, limited] = [await fixture().open(), await fixture().open({ limitPerUser: 2 })];
    const owner = await fixture().accounts.create();
    const many = await storeInTurn(unlimited, 7, owner);
    await storeMany(fixture(), limited, 5);
    const last = await store(fixture(), limited, { user: owner });
    expect(await handlesOf(limited, owner)).toEqual(new Set([many[6]?.handle, last.handle]));
    expect(fixture().evictions.toSorted()).toEqual(
      many
        .slice(0, 6)
        .map(({ handle }) => handle)
        .toSorted(),
    );
    expect(await limited.count()).toEqual({ sessions: 7, users: 1 });
    fixture().clock.advance(LIFETIMES.ageMs);
    expect(await limited.purgeExpired(100)).toBe(7);
  });
}
