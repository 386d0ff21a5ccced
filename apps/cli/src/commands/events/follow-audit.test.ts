import { createAccounts } from '@gatehouse/accounts';
import { temporaryDatabase } from '@gatehouse/prisma/testing';
import { expect, test } from 'vitest';
import { followAudit } from './follow-audit.ts';

/** A follower with a database and a clock of its own. */
async function setUp() {
  const database = await temporaryDatabase();
  const accounts = createAccounts({ database });
  const clock = { nowMs: Date.UTC(2026, 10, 27) };
  const next = followAudit({
    read: (filter) => accounts.listAudit(filter),
    filter: {},
    startedAtMs: clock.nowMs,
    now: () => clock.nowMs,
  });
  return {
    clock,
    next: async () => (await next()).map(({ id }) => id),
    store: (ids: readonly string[], atMs: number) =>
      database.prisma.activity.createMany({
        data: ids.map((id) => ({ id, kind: 'signed_in', at: new Date(atMs), detail: '{"method":"password"}' })),
      }),
  };
}

test('entries of the same millisecond are each returned once, whenever they become visible', async () => {
  const { clock, next, store } = await setUp();
  await store(['m'], clock.nowMs);
  expect(await next()).toEqual(['m']);
  // One before and one behind it in the order of ids.
  await store(['z', 'a'], clock.nowMs);
  expect(await next()).toEqual(['a', 'z']);
  expect(await next()).toEqual([]);
});

test('an entry that becomes visible after a newer one is returned', async () => {
  const { clock, next, store } = await setUp();
  await store(['newer'], clock.nowMs + 5000);
  clock.nowMs += 6000;
  expect(await next()).toEqual(['newer']);
  await store(['late'], clock.nowMs - 14_000);
  clock.nowMs += 1000;
  expect(await next()).toEqual(['late']);
  expect(await next()).toEqual([]);
});

test('a server whose clock is ahead does not hide the entries of others', async () => {
  const { clock, next, store } = await setUp();
  await store(['ahead'], clock.nowMs + 600_000);
  expect(await next()).toEqual(['ahead']);
  await store(['other'], clock.nowMs + 100);
  clock.nowMs += 1000;
  expect(await next()).toEqual(['other']);
  clock.nowMs += 700_000;
  expect(await next()).toEqual([]);
});

test('more entries than a page are returned oldest first, none twice', async () => {
  const { clock, next, store } = await setUp();
  const ids = Array.from({ length: 2500 }, (_, index) => `many-${String(index).padStart(4, '0')}`);
  await store(ids, clock.nowMs);
  expect(await next()).toEqual(ids);
  expect(await next()).toEqual([]);
});
