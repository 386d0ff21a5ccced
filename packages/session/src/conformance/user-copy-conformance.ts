import { expect, test } from 'vitest';
import type { SessionUser } from '../engine-port.ts';
import type { EngineFixture } from './engine-fixture.ts';
import { loadOf, store } from './records.ts';

const CLIENT = { ip: null, userAgent: null };

/** Copies that this version cannot read: damaged, or written with another schema. */
const UNREADABLE: [string, (user: SessionUser) => string][] = [
  ['truncated text', () => '{"half'],
  ['no object', () => '"text"'],
  ['nothing', () => 'null'],
  ['a role of another version', (user) => JSON.stringify({ ...user, role: 'emperor' })],
  ['a user without a field that this version requires', (user) => JSON.stringify({ ...user, name: undefined, displayName: 'A User' })],
  ['a field of another type', (user) => JSON.stringify({ ...user, email: [user.email] })],
  ['a user of a version without attributes', (user) => JSON.stringify({ ...user, attributes: undefined })],
  ['attributes that are not an object', (user) => JSON.stringify({ ...user, attributes: ['x'] })],
  ['somebody else', (user) => JSON.stringify({ ...user, id: 'somebody-else' })],
];

/** If an engine cannot use its copy of a user, it reads the source. */
export function userCopyConformance(fixture: () => EngineFixture): void {
  test.each(UNREADABLE)(
    'semantics 52: a stored copy of the user that is %s is read again from its source, and no session ends',
    async (_what, text) => {
      const engine = await fixture().open();
      const owner = await fixture().accounts.create();
      const record = await store(fixture(), engine, { user: owner });
      const live = { status: 'live', record: { handle: record.handle }, user: owner.user };
      // Engines that store copies when reading have one now.
      expect(await loadOf(engine, record, CLIENT)).toMatchObject(live);
      // Again after a possible renewal: another version that cannot read our copy replaces it.
      for (let round = 0; round < 3; round += 1) {
        await fixture().damageUserCopy(owner.user.id, text(owner.user));
        for (const look of [() => loadOf(engine, record, CLIENT), () => loadOf(engine, record)]) expect(await look()).toMatchObject(live);
        expect(await engine.find(record.handle)).toMatchObject({ user: owner.user });
        expect((await engine.listByUser(owner.user.id)).sessions).toMatchObject([{ user: owner.user }]);
      }
      expect(await engine.update(record.handle, { expectedVersion: 1, data: { kept: true }, timestamps: record })).toMatchObject({
        status: 'updated',
      });
      expect(fixture().corruptions).toEqual([]);
    },
  );

  test('an unreadable copy does not bypass an end, a new role or new credentials', async () => {
    const engine = await fixture().open();
    for (const change of ['suspend', 'raiseEpoch', 'remove'] as const) {
      const owner = await fixture().accounts.create();
      const record = await store(fixture(), engine, { user: owner });
      await loadOf(engine, record, CLIENT);
      await fixture().damageUserCopy(owner.user.id, '{}');
      await fixture().accounts[change](owner.user.id);
      expect(await loadOf(engine, record, CLIENT)).toEqual({ status: 'absent' });
    }
    const owner = await fixture().accounts.create();
    const record = await store(fixture(), engine, { user: owner });
    await loadOf(engine, record, CLIENT);
    await fixture().damageUserCopy(owner.user.id, '{}');
    await fixture().accounts.setRole(owner.user.id, 'admin');
    expect(await loadOf(engine, record, CLIENT)).toMatchObject({ status: 'live', user: { role: 'admin' } });
  });

  test('attributes are returned as in the account, including those of other versions, and changes show with the next request', async () => {
    const engine = await fixture().open();
    const other = await fixture().open();
    const owner = await fixture().accounts.create();
    const record = await store(fixture(), engine, { user: owner });
    for (const attributes of [
      { department: 'Sales' },
      { department: 'Sales', floor: 4, tags: ['a', { b: null }] },
      { floor: 'Büro \u{1f511} "4"' },
      {},
    ]) {
      await fixture().accounts.storeAttributes(owner.user.id, JSON.stringify(attributes));
      const user = { ...owner.user, attributes };
      for (const one of [engine, other]) {
        for (const outcome of [await loadOf(one, record, CLIENT), await loadOf(one, record)])
          expect(outcome).toMatchObject({ status: 'live' });
        expect(await loadOf(one, record)).toHaveProperty('user', user);
        expect(await one.find(record.handle)).toHaveProperty('user', user);
        expect((await one.listByUser(owner.user.id)).sessions.map((session) => session.user)).toEqual([user]);
      }
    }
  });

  test.each(['', '{"half', 'null', '["Sales"]', '"Sales"', '7'])(
    'attributes that are not an object count as none, and no session ends: %j',
    async (text) => {
      const engine = await fixture().open();
      const owner = await fixture().accounts.create();
      const before = await store(fixture(), engine, { user: owner });
      await loadOf(engine, before, CLIENT);
      await fixture().accounts.storeAttributes(owner.user.id, text);
      const after = await store(fixture(), engine, { user: owner });
      for (const record of [before, after]) {
        expect(await loadOf(engine, record, CLIENT)).toHaveProperty('user', owner.user);
        await fixture().damageUserCopy(owner.user.id, '{}');
        expect(await loadOf(engine, record, CLIENT)).toHaveProperty('user', owner.user);
      }
      expect(fixture().corruptions).toEqual([]);
    },
  );

  test('semantics 42: a user that this version cannot read is not signed in here, and the session stays for a version that can', async () => {
    const engine = await fixture().open();
    const owner = await fixture().accounts.create();
    const before = await store(fixture(), engine, { user: owner });
    await fixture().accounts.setRole(owner.user.id, 'emperor' as never);
    // Signing in behaves the same, because a server of a version that knows the role may have requested it.
    const after = await store(fixture(), engine, { user: owner });
    for (const record of [before, after]) expect(await loadOf(engine, record, CLIENT)).toEqual({ status: 'absent' });
    expect(fixture().corruptions).toEqual([before.handle, after.handle]);
    await fixture().accounts.setRole(owner.user.id, 'admin');
    for (const record of [before, after])
      expect(await loadOf(engine, record, CLIENT)).toMatchObject({ status: 'live', user: { role: 'admin' } });
  });
}
