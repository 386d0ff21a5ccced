import { expect, test } from 'vitest';
import type { Engine, SessionRecord } from '../engine-port.ts';
import { LIFETIMES, type EngineFixture, type TestUser } from './engine-fixture.ts';
import { newRecord, store, storeMany } from './records.ts';

const NOBODY = { ip: null, userAgent: null };

/** `limitPerUser`: how many sessions a user may have. */
export function limitConformance(fixture: () => EngineFixture): void {
  const keysOf = async (engine: Engine, { user }: TestUser): Promise<Set<string>> =>
    new Set((await engine.listByUser(user.id)).sessions.map(({ record }) => record.key));

  /** So many, a second apart. */
  async function storeInTurn(engine: Engine, count: number, user: TestUser) {
    const stored = [];
    for (let index = 0; index < count; index += 1) {
      stored.push(await store(fixture(), engine, { user }));
      fixture().clock.advance(1000);
    }
    return stored;
  }

  test('a sign-in too many ends the session that was not used for the longest, says which, and leaves other users alone', async () => {
    const engine = await fixture().open({ limitPerUser: 3, activityIntervalMs: 0 });
    const [owner, other] = [await fixture().accounts.create(), await fixture().accounts.create()];
    const [first, second, third] = (await storeInTurn(engine, 3, owner)) as [SessionRecord, SessionRecord, SessionRecord];
    await storeInTurn(engine, 3, other);
    expect(fixture().evictions).toEqual([]);
    await engine.load(first.key, NOBODY);
    fixture().clock.advance(1000);
    const fourth = await store(fixture(), engine, { user: owner });
    expect(await keysOf(engine, owner)).toEqual(new Set([first.key, third.key, fourth.key]));
    expect(await engine.load(second.key)).toEqual({ status: 'absent' });
    expect(fixture().evictions).toEqual([second.handle]);
    expect(await engine.count()).toEqual({ sessions: 6, users: 2 });
    expect(await fixture().dump()).not.toContain(second.key);
    // The new one, whatever its clock says.
    const behind = await store(fixture(), engine, { user: owner, createdAtMs: fixture().clock.now() - 60_000 });
    expect((await engine.load(behind.key)).status).toBe('live');
    expect((await keysOf(engine, owner)).size).toBe(3);
  });

  test('twenty sign-ins at once at two processes end within the limit, and each ended session is reported once', async () => {
    const engines = [await fixture().open({ limitPerUser: 5 }), await fixture().open({ limitPerUser: 5 })] as const;
    const owner = await fixture().accounts.create();
    const before = await storeInTurn(engines[0], 3, owner);
    const records = Array.from({ length: 20 }, () => newRecord(fixture(), { user: owner }));
    const created = await Promise.all(records.map((record, index) => (engines[index % 2] as Engine).create(record)));
    expect(created).toEqual(records.map(() => true));
    const live = await keysOf(engines[0], owner);
    expect(live.size).toBe(5);
    expect(await engines[1].count()).toEqual({ sessions: 5, users: 1 });
    const ended = [...before, ...records].filter(({ key }) => !live.has(key));
    expect(fixture().evictions.toSorted()).toEqual(ended.map(({ handle }) => handle).toSorted());
  });

  test('a sign-in over a session and a rotation add none', async () => {
    const engine = await fixture().open({ limitPerUser: 3 });
    const owner = await fixture().accounts.create();
    const [first, second, third] = await storeInTurn(engine, 3, owner);
    const [over, rotated] = [newRecord(fixture(), { user: owner }), newRecord(fixture(), { user: owner })];
    expect(await engine.create(over, { replaces: second?.key ?? '' })).toBe(true);
    expect(await engine.create(rotated, { replaces: third?.key ?? '', onlyIfLive: true })).toBe(true);
    expect(await keysOf(engine, owner)).toEqual(new Set([first?.key, over.key, rotated.key]));
    // Over a session that is gone it is one more.
    const late = newRecord(fixture(), { user: owner });
    expect(await engine.create(late, { replaces: 'gone' })).toBe(true);
    expect(await keysOf(engine, owner)).toEqual(new Set([over.key, rotated.key, late.key]));
    expect(fixture().evictions).toEqual([first?.handle]);
  });

  test('each session that a sign-in ended is reported, also if the sign-in fails in the end', async () => {
    const engine = await fixture().open({ limitPerUser: 3 });
    const owner = await fixture().accounts.create();
    const before = await storeInTurn(engine, 3, owner);
    // Somebody is about to change the account: some engines refuse the sign-in, when it has been stored.
    await engine.bar(owner.user.id, { owner: 'a change', forMs: 60_000 });
    await engine.create(newRecord(fixture(), { user: owner })).catch(() => false);
    await engine.bar(owner.user.id, { owner: 'a change', forMs: 0 });
    const live = await keysOf(engine, owner);
    expect(fixture().evictions).toEqual(before.filter(({ key }) => !live.has(key)).map(({ handle }) => handle));
  });

  test('what is over does not count', async () => {
    const engine = await fixture().open({ limitPerUser: 3 });
    const owner = await fixture().accounts.create();
    const lasting = await storeInTurn(engine, 2, owner);
    await storeMany(fixture(), engine, 1, { user: owner, customAgeSeconds: 1 });
    fixture().clock.advance(1000);
    const last = await store(fixture(), engine, { user: owner });
    expect(await keysOf(engine, owner)).toEqual(new Set([...lasting, last].map(({ key }) => key)));
    expect(fixture().evictions).toEqual([]);
  });

  test('a limit that was lowered is kept from the next sign-in on; nobody and 0 have none', async () => {
    const [unlimited, limited] = [await fixture().open(), await fixture().open({ limitPerUser: 2 })];
    const owner = await fixture().accounts.create();
    const many = await storeInTurn(unlimited, 7, owner);
    await storeMany(fixture(), limited, 5);
    const last = await store(fixture(), limited, { user: owner });
    expect(await keysOf(limited, owner)).toEqual(new Set([many[6]?.key, last.key]));
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
