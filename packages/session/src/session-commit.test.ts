import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createTestClock } from './test-support/test-clock.ts';
import { newRecord } from './conformance/records.ts';
import type { Engine, SessionUpdate, UpdateOutcome } from './engine-port.ts';
import { SessionEndedError, StorageUnavailableError } from './errors.ts';
import { commitChange } from './session-commit.ts';
import { newHandle } from './session-id.ts';

// Pauses between rounds are random up to a limit; here they are none.
beforeEach(() => void vi.spyOn(Math, 'random').mockReturnValue(0));
afterEach(() => void vi.restoreAllMocks());

const seen = await newRecord({ clock: createTestClock() }, { newHandle: async () => newHandle() }, { data: { count: 1 } });

/** An engine in which someone else is faster as often as it says. */
function contended(conflicts: number, last: UpdateOutcome['status'] = 'updated') {
  const updates: SessionUpdate[] = [];
  let stored = seen;
  const engine = {
    async update(_handle: string, update: SessionUpdate): Promise<UpdateOutcome> {
      updates.push(update);
      if (updates.length > conflicts) return { status: last };
      stored = { ...stored, version: stored.version + 1, data: { count: Number(stored.data['count']) + 10 } };
      return { status: 'conflict' };
    },
    find: async () => ({ record: stored, user: null }),
  };
  return { engine: engine as unknown as Engine, updates };
}

const increment = (record: typeof seen) => ({
  data: { count: Number(record.data['count']) + 1 },
  timestamps: { ...record, lastActivityAtMs: 7 },
});

test('an undisturbed change costs one write and no look', async () => {
  const { engine, updates } = contended(0);
  const find = vi.spyOn(engine, 'find');
  expect(await commitChange(engine, seen, increment)).toMatchObject({ data: { count: 2 }, version: 2, lastActivityAtMs: 7 });
  expect(updates).toHaveLength(1);
  expect(find).not.toHaveBeenCalled();
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
  Object.assign(engine, { find: async () => undefined });
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

test('a write over the secret that was seen leaves the newer one of another request where it is', async () => {
  const { engine } = contended(1);
  const rotated = { ...seen, version: 2, secretHash: 'of another secret' };
  Object.assign(engine, { find: async () => ({ record: rotated, user: null }) });
  expect(await commitChange(engine, seen, increment)).toMatchObject({ version: 3, secretHash: rotated.secretHash });
});

test('the record that is given back is as stored: data, times, secrets, epoch and client', async () => {
  const { engine } = contended(0);
  const secrets = { secretHash: 'new', previousSecretHash: 'old', rotatedAtMs: 5, presentedAtMs: null };
  const client = { ip: '::1', userAgent: 'A browser' };
  const timestamps = { ...seen, lastActivityAtMs: 7 };
  const change = { data: { count: 9 }, timestamps, secrets, credentialEpoch: 3, client };
  expect(await commitChange(engine, seen, () => change)).toEqual({
    ...seen,
    ...secrets,
    ...client,
    data: { count: 9 },
    lastActivityAtMs: 7,
    credentialEpoch: 3,
    version: 2,
  });
});
