import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createTestClock } from './test-support/test-clock.ts';
import { newRecord } from './conformance/records.ts';
import type { DataUpdate, Engine, UpdateOutcome } from './engine-port.ts';
import { SessionEndedError, StorageUnavailableError } from './errors.ts';
import { commitChange } from './session-commit.ts';

// Pauses between rounds are random up to a limit; here they are none.
beforeEach(() => void vi.spyOn(Math, 'random').mockReturnValue(0));
afterEach(() => void vi.restoreAllMocks());

const seen = newRecord({ clock: createTestClock() }, { data: { count: 1 } });

/** An engine in which someone else is faster as often as it says. */
function contended(conflicts: number, last: UpdateOutcome['status'] = 'updated') {
  const updates: DataUpdate[] = [];
  let stored = seen;
  const engine = {
    async update(_key: string, update: DataUpdate): Promise<UpdateOutcome> {
      updates.push(update);
      if (updates.length > conflicts) return { status: last };
      stored = { ...stored, version: stored.version + 1, data: { count: Number(stored.data['count']) + 10 } };
      return { status: 'conflict' };
    },
    load: async () => ({ status: 'live' as const, record: stored, user: null, slid: false }),
  };
  return { engine: engine as unknown as Engine, updates };
}

const increment = (record: typeof seen) => ({
  data: { count: Number(record.data['count']) + 1 },
  clocks: { ...record, lastActivityAtMs: 7 },
});

test('an undisturbed change costs one write and no look', async () => {
  const { engine, updates } = contended(0);
  const load = vi.spyOn(engine, 'load');
  expect(await commitChange(engine, seen, increment)).toMatchObject({ data: { count: 2 }, version: 2, lastActivityAtMs: 7 });
  expect(updates).toHaveLength(1);
  expect(load).not.toHaveBeenCalled();
});

test('semantics 31: after a lost race, the change is made again over what is stored by then', async () => {
  const { engine, updates } = contended(3);
  expect(await commitChange(engine, seen, increment)).toMatchObject({ data: { count: 32 }, version: 5 });
  expect(updates.map(({ expectedVersion }) => expectedVersion)).toEqual([1, 2, 3, 4]);
});

test('a race that cannot be won ends, as a storage that does not answer', async () => {
  const { engine, updates } = contended(Number.POSITIVE_INFINITY);
  await expect(commitChange(engine, seen, increment)).rejects.toThrow(StorageUnavailableError);
  expect(updates).toHaveLength(50);
});

test.each([0, 1])('semantics 28: a session that is gone is gone, after %i lost races', async (conflicts) => {
  const { engine } = contended(conflicts, 'gone');
  await expect(commitChange(engine, seen, increment)).rejects.toThrow(SessionEndedError);
});

test('semantics 28: gone between the write and the look, too', async () => {
  const { engine } = contended(1);
  Object.assign(engine, { load: async () => ({ status: 'expired' }) });
  await expect(commitChange(engine, seen, increment)).rejects.toThrow(SessionEndedError);
});

test('semantics 22: no change, no write; by what is stored after a lost race, too', async () => {
  const { engine, updates } = contended(1);
  expect(await commitChange(engine, seen, () => undefined)).toBe(seen);
  expect(updates).toEqual([]);
  const once = await commitChange(engine, seen, (record) => (record.version === 1 ? increment(record) : undefined));
  expect(once).toMatchObject({ version: 2, data: { count: 11 } });
  expect(updates).toHaveLength(1);
});
