import { expect, test } from 'vitest';
import { temporaryAccounts } from '../test-support/temporary-accounts.ts';
import { HOUR_MS } from './hour-counts.ts';
import type { ActivityEvent } from './index.ts';

const NOW = new Date('2026-03-31T12:30:00Z');
const hoursAgo = (hours: number): Date => new Date(NOW.getTime() - hours * HOUR_MS);

test('sign-ins are counted per hour and day, whether the hours are stored or not', async () => {
  const { accounts, user, database } = await temporaryAccounts();
  const { id } = await user();
  const by = { kind: 'self', id, ip: null, userAgent: null } as const;
  const add = async (kind: 'signed_in' | 'sign_in_failed' | 'locked', ...hours: number[]) => {
    for (const ago of hours) {
      const event = { userId: id, at: hoursAgo(ago), by };
      const action = kind === 'signed_in' ? ({ kind, detail: { method: 'password' } } as const) : { kind };
      await accounts.recordActivity({ ...action, ...event } as ActivityEvent);
    }
  };
  await add('signed_in', 0, 0.4, 1, 23, 24, 29 * 24, 40 * 24);
  await add('sign_in_failed', 2, 2.1, 100);
  await add('locked', 2);
  await accounts.countBlocked({ attempts: 3, at: hoursAgo(2) });
  await accounts.countBlocked({ attempts: 4, at: hoursAgo(2) });

  const check = async (isComplete: boolean, since: number) => {
    const { hours, days, ...rest } = await accounts.signInCounts(NOW);
    expect(rest).toEqual({ isComplete });
    expect(hours).toHaveLength(24);
    expect(days).toHaveLength(30);
    expect(hours.at(-1)).toEqual({ from: new Date('2026-03-31T12:00:00Z'), signedIn: 2, failed: 0, blocked: 0, locked: 0 });
    expect(hours.at(-3)).toEqual({ from: new Date('2026-03-31T10:00:00Z'), signedIn: 0, failed: 2, blocked: 7, locked: 1 });
    expect(hours[0]).toMatchObject({ from: new Date('2026-03-30T13:00:00Z'), signedIn: 1 });
    expect(days.at(-1)).toMatchObject({ from: new Date('2026-03-31T00:00:00Z'), signedIn: 3, failed: 2, blocked: 7, locked: 1 });
    expect(days.at(-2)).toMatchObject({ signedIn: 2 });
    expect(days[0]?.from).toEqual(new Date('2026-03-02T00:00:00Z'));
    expect(days.reduce((sum, { signedIn }) => sum + signedIn, 0)).toBe(since);
  };
  await check(false, 5);
  let stored = 0;
  for (let some = -1; some !== 0; stored += Math.max(0, some)) some = await accounts.storeHourCounts({ now: NOW, batch: 100 });
  expect(stored).toBeGreaterThan(24 * 28);
  await check(true, 6);
  // Stored hours are not counted again.
  await database.prisma.activity.deleteMany({ where: { at: { lt: hoursAgo(1.5) } } });
  await check(true, 6);
  expect(await accounts.storeHourCounts({ now: NOW, batch: 100 })).toBe(0);
});

test('an hour is stored when it is over for five minutes, by several servers at the same time', async () => {
  const { accounts, user, database } = await temporaryAccounts();
  const { id } = await user();
  const by = { kind: 'self', id, ip: null, userAgent: null } as const;
  const at = new Date('2026-03-31T11:59:59.999Z');
  await accounts.recordActivity({ kind: 'sign_in_failed', userId: id, at, by });
  const storedHours = () => database.prisma.hourCount.count({ where: { kind: 'sign_in_failed' } });
  await accounts.signInCounts(new Date('2026-03-31T12:04:59.999Z'));
  expect(await storedHours()).toBe(0);
  await Promise.all([1, 2, 3].map(() => accounts.signInCounts(new Date('2026-03-31T12:05:00Z'))));
  expect(await storedHours()).toBe(1);
});
