import { expect, test } from 'vitest';
import { LIFETIMES, type EngineFixture } from './engine-fixture.ts';
import { loadOf, store, storeMany } from './records.ts';

/** Lists, counts and ends of many sessions. */
export function manySessionsConformance(fixture: () => EngineFixture): void {
  test('all sessions are listed page by page, each once', async () => {
    const engine = await fixture().open();
    const owner = await fixture().accounts.create();
    const records = [...(await storeMany(fixture(), engine, 11, { user: owner })), ...(await storeMany(fixture(), engine, 12))];
    const seen: string[] = [];
    for (let after: string | undefined, more = true; more;) {
      const { sessions, next } = await engine.list({ limit: 5, ...(after !== undefined && { after }) });
      expect(sessions.length).toBeLessThanOrEqual(5);
      seen.push(...sessions.map(({ record }) => record.handle));
      after = next;
      more = next !== undefined;
    }
    expect(seen.sort()).toEqual(records.map(({ handle }) => handle).sort());
  });

  test('semantics 36: queries about a user cost the same however much else is stored', async () => {
    const engine = await fixture().open();
    const owner = await fixture().accounts.create();
    const ask = async () => {
      // Engines with copies of users have one now.
      await loadOf(engine, await store(fixture(), engine, { user: owner }));
      return {
        list: await fixture().count(() => engine.listByUser(owner.user.id)),
        all: await fixture().count(() => engine.list({ limit: 2 })),
        counted: await fixture().count(() => engine.count()),
        ended: await fixture().count(() => engine.destroyByUser(owner.user.id)),
      };
    };
    await storeMany(fixture(), engine, 2, { user: owner });
    const alone = await ask();
    await storeMany(fixture(), engine, 2, { user: owner });
    await storeMany(fixture(), engine, 200);
    expect(await ask()).toEqual(alone);
    expect(alone.list.writes + alone.all.writes + alone.counted.writes).toBe(0);
  });

  test('semantics 37: expired sessions are removed in bounded batches and counted; live ones stay', async () => {
    const engine = await fixture().open();
    await storeMany(fixture(), engine, 25, { customAgeSeconds: 60 });
    const live = await storeMany(fixture(), engine, 5);
    fixture().clock.advance(60_000);
    const removed = [];
    for (let count = await engine.purgeExpired(10); count > 0; count = await engine.purgeExpired(10)) removed.push(count);
    expect(Math.max(...removed)).toBeLessThanOrEqual(10);
    expect(removed.reduce((sum, count) => sum + count, 0)).toBe(25);
    for (const record of live) expect((await loadOf(engine, record)).status).toBe('live');
    expect(await engine.count()).toEqual({ sessions: 5, users: 0 });
  });

  test('semantics 37: two concurrent purges remove and count each expired session once', async () => {
    const [engine, other] = [await fixture().open(), await fixture().open()];
    const expired = await storeMany(fixture(), engine, 40, { customAgeSeconds: 60 });
    await storeMany(fixture(), engine, 3);
    fixture().clock.advance(60_000);
    const counts = await Promise.all(Array.from({ length: 12 }, (_, index) => (index % 2 ? engine : other).purgeExpired(5)));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(40);
    const dump = await fixture().dump();
    for (const { secretHash } of expired) expect(dump).not.toContain(secretHash);
    expect((await engine.count()).sessions).toBe(3);
  });

  test('ending all sessions counts the live ones and leaves none', async () => {
    const engine = await fixture().open();
    const owner = await fixture().accounts.create();
    const expired = await storeMany(fixture(), engine, 2, { customAgeSeconds: 60, user: owner });
    const live = await storeMany(fixture(), engine, 3, { user: owner });
    fixture().clock.advance(60_000);
    expect(await engine.destroyAll()).toBe(3);
    const dump = await fixture().dump();
    for (const { secretHash } of [...expired, ...live]) expect(dump).not.toContain(secretHash);
    fixture().clock.advance(LIFETIMES.ageMs);
    expect(await engine.destroyAll()).toBe(0);
  });
}
