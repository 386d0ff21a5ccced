import { expect, test } from 'vitest';
import { LIFETIMES } from '../../conformance/engine-fixture.ts';
import { engineConformance } from '../../conformance/index.ts';
import { loadOf, store } from '../../conformance/records.ts';
import { StorageUnavailableError } from '../../errors.ts';
import { memoryUsers, openMemoryFixture } from '../../test-support/memory-fixture.ts';
import { createTestClock } from '../../test-support/test-clock.ts';
import type { UserSource } from '../../user-source.ts';
import { createMemoryEngine } from './memory-engine.ts';
import { createMemoryStorage } from './memory-storage.ts';

engineConformance('memory', openMemoryFixture);

test('a user who changes during the lookup is looked up again', async () => {
  const { accounts, users } = memoryUsers();
  const owner = await accounts.create();
  const storage = createMemoryStorage();
  const clock = createTestClock();
  const options = { users, lifetimes: LIFETIMES, now: clock.now };
  const engine = createMemoryEngine(options, storage);
  const record = await store({ clock }, engine, { user: owner });
  let isFirst = true;
  const slow: UserSource = {
    async find(userId) {
      const found = await users.find(userId);
      if (isFirst) {
        isFirst = false;
        await accounts.setRole(userId, 'admin');
        await engine.userChanged(userId);
      }
      return found;
    },
  };
  const answer = await loadOf(createMemoryEngine({ ...options, users: slow }, storage), record);
  expect(answer).toMatchObject({ status: 'live', user: { role: 'admin' } });
});

test('a failing user source is an error and ends no session; ending one needs no lookup', async () => {
  const { accounts, users } = memoryUsers();
  const owner = await accounts.create();
  const clock = createTestClock();
  const source = { ...users };
  const engine = createMemoryEngine({ users: source, lifetimes: LIFETIMES, now: clock.now }, createMemoryStorage());
  const [record, other] = [await store({ clock }, engine, { user: owner }), await store({ clock }, engine, { user: owner })];
  source.find = () => Promise.reject(new Error('LDAP is unavailable'));
  await expect(loadOf(engine, record)).rejects.toThrow(StorageUnavailableError);
  expect(await engine.destroy(other.handle)).toBe(true);
  source.find = users.find;
  expect(await loadOf(engine, record)).toMatchObject({ status: 'live' });
  expect(await loadOf(engine, other)).toEqual({ status: 'absent' });
});
