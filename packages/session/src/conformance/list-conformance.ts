import { expect, test } from 'vitest';
import type { Engine, SessionRecord } from '../engine-port.ts';
import { sessionsOfUser } from '../user-sessions.ts';
import type { EngineFixture, TestUser } from './engine-fixture.ts';
import { loadOf, store, storeMany } from './records.ts';

const NO_CLIENT = { ip: null, userAgent: null };

/** Pages of a user's sessions. */
export function listConformance(fixture: () => EngineFixture): void {
  /** Returns the handles of each page. `between` runs after each page. */
  async function pagesOf(
    engine: Engine,
    { user }: TestUser,
    limit: number,
    between = async (_page: number): Promise<unknown> => undefined,
  ) {
    const pages: string[][] = [];
    for (let after: string | undefined, isMore = true; isMore;) {
      const { sessions, next } = await engine.listByUser(user.id, { limit, ...(after !== undefined && { after }) });
      pages.push(sessions.map(({ record }) => record.handle));
      await between(pages.length);
      after = next;
      isMore = next !== undefined;
    }
    return pages;
  }

  test('a user’s sessions are listed with the newest activity first', async () => {
    const engine = await fixture().open();
    const owner = await fixture().accounts.create();
    const oldest = await store(fixture(), engine, { user: owner });
    fixture().clock.advance(60_000);
    const middle = await store(fixture(), engine, { user: owner });
    fixture().clock.advance(60_000);
    await loadOf(engine, oldest, NO_CLIENT);
    fixture().clock.advance(1);
    const newest = await store(fixture(), engine, { user: owner });
    expect((await engine.listByUser(owner.user.id)).sessions.map(({ record }) => record.handle)).toEqual([
      newest.handle,
      oldest.handle,
      middle.handle,
    ]);
  });

  test('a user’s sessions are paged, newest activity first, each once, even if many have the same activity', async () => {
    const engine = await fixture().open();
    const [owner, other] = await Promise.all([fixture().accounts.create(), fixture().accounts.create()]);
    const handles: string[] = [];
    for (const count of [1, 8, 2]) {
      handles.unshift(...(await storeMany(fixture(), engine, count, { user: owner })).map(({ handle }) => handle).sort());
      await store(fixture(), engine, { user: other });
      fixture().clock.advance(1000);
    }
    const pages = await pagesOf(engine, owner, 4);
    expect(pages.map(({ length }) => length).filter((length) => length > 0)).toEqual([4, 4, 3]);
    // Sessions with the same activity may come in any order.
    const all = pages.flat();
    expect([...all.slice(0, 2).sort(), ...all.slice(2, 10).sort(), ...all.slice(10)]).toEqual(handles);
    expect(await pagesOf(engine, owner, 4)).toEqual(pages);
    expect(await engine.listByUser('nobody', { limit: 4 })).toEqual({ sessions: [], next: undefined });
  });

  test('sessions used, ended or created between two pages do not make others appear twice or not at all', async () => {
    const engine = await fixture().open({ activityIntervalMs: 0 });
    const owner = await fixture().accounts.create();
    const made: SessionRecord[] = [];
    for (let index = 0; index < 12; index += 1) {
      made.unshift(await store(fixture(), engine, { user: owner }));
      fixture().clock.advance(1000);
    }
    const [used, ended, front] = [made[7], made[3], made[1]] as [SessionRecord, SessionRecord, SessionRecord];
    const pages = await pagesOf(engine, owner, 4, async (page) => {
      if (page !== 1) return;
      await loadOf(engine, used, NO_CLIENT);
      await loadOf(engine, front, NO_CLIENT);
      // The session that the cursor names.
      await engine.destroy(ended.handle);
      await store(fixture(), engine, { user: owner });
    });
    expect(pages.flat()).toEqual(made.filter((record) => record !== used).map(({ handle }) => handle));
    // `sessionsOfUser` finds that one as well.
    fixture().clock.advance(1000);
    const all: string[] = [];
    for await (const { record } of sessionsOfUser(engine, owner.user.id)) all.push(record.handle);
    expect(all).toContain(used.handle);
  });

  test('expired sessions are not counted in a page', async () => {
    const engine = await fixture().open();
    const owner = await fixture().accounts.create();
    const [first] = await storeMany(fixture(), engine, 1, { user: owner });
    await storeMany(fixture(), engine, 5, { user: owner, customAgeSeconds: 1 });
    const [second] = await storeMany(fixture(), engine, 1, { user: owner });
    fixture().clock.advance(1000);
    expect(new Set((await pagesOf(engine, owner, 2))[0])).toEqual(new Set([first?.handle, second?.handle]));
  });

  test.each(['', 'ses_x', '1', '-1.ses_x', '1.ses x', '99999999999999999.ses_x'])('%j is not a cursor of a user’s list', async (after) => {
    const engine = await fixture().open();
    await expect(engine.listByUser('someone', { limit: 5, after })).rejects.toThrow(TypeError);
  });
}
