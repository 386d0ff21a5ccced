import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createTestClock } from './test-support/test-clock.ts';
import { newRecord } from './conformance/records.ts';
import type { Engine, SessionUpdate, UpdateOutcome } from './engine-port.ts';
import { SessionEndedError, StorageUnavailableError } from './errors.ts';
import { commitChange } from './session-commit.ts';
import { newHandle } from './session-id.ts';

// Pauses between rounds are random; here there are none.
beforeEach(() => void vi.spyOn(Math, 'random').mockReturnValue(0));
afterEach(() => void vi.restoreAllMocks());

const seen = await newRecord({ clock: createTestClock() }, { newHandle: async () => newHandle() }, { data: { count: 1 } });

/** An engine in which another request writes first, a given number of times. */
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

test('a change without conflict takes one write and no read', async () => {
  const { engine, updates } = contended(0);
  const find = vi.spyOn(engine, 'find');
  expect(await commitChange(engine, seen, increment)).toMatchObject({ data: { count: 2 }, version: 2, lastActivityAtMs: 7 });
  expect(updates).toHaveLength(1);
  expect(find).not.toHaveBeenCalled();
});

test('semantics 31: after a conflict, the change is applied to the stored data', async () => {
  const { engine, updates } = contended(3);
  expect(await commitChange(engine, seen, increment)).toMatchObject({ data: { count: 32 }, version: 5 });
  expect(updates.map(({ expectedVersion }) => expectedVersion)).toEqual([1, 2, 3, 4]);
});

test('endless conflicts end with StorageUnavailableError', async () => {
  const { engine, updates } = contended(Number.POSITIVE_INFINITY);
  await expect(commitChange(engine, seen, increment)).rejects.toThrow(StorageUnavailableError);
  expect(updates).toHaveLength(50);
});

test.each([0, 1])('semantics 28: a session that is gone is reported, after %i conflicts', async (conflicts) => {
  const { engine } = contended(conflicts, 'gone');
  await expect(commitChange(engine, seen, increment)).rejects.toThrow(SessionEndedError);
});

test('semantics 28: also if it disappears between the write and the read', async () => {
  const { engine } = contended(1);
  Object.assign(engine, { find: async () => undefined });
  await expect(commitChange(engine, seen, increment)).rejects.toThrow(SessionEndedError);
});

test('semantics 22: without a change there is no write, also after a conflict', async () => {
  const { engine, updates } = contended(1);
  expect(await commitChange(engine, seen, () => undefined)).toBe(seen);
  expect(updates).toEqual([]);
  const once = await commitChange(engine, seen, (record) => (record.version === 1 ? increment(record) : undefined));
  expect(once).toMatchObject({ version: 2, data: { count: 11 } });
  expect(updates).toHaveLength(1);
});

test('a write does not overwrite a newer secret of another request', async () => {
  const { engine } = contended(1);
  const rotated = { ...seen, version: 2, secretHash: 'of another secret' };
  Object.assign(engine, { find: async () => ({ record: rotated, user: null }) });
  expect(await commitChange(engine, seen, increment)).toMatchObject({ version: 3, secretHash: rotated.secretHash });
});

test('the returned record equals the stored one: data, times, secrets, epoch and client', async () => {
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
