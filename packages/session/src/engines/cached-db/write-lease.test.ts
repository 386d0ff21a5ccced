import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { loadOf, store } from '../../conformance/records.ts';
import { StorageUnavailableError } from '../../errors.ts';
import { cachedDbProcesses, type CachedDbProcesses, type ProcessOptions } from '../../test-support/cached-db-processes.ts';
import { REDIS_AVAILABLE } from '../../test-support/redis-server.ts';
import { createWriteLease, WRITE_LEASE_MS } from './write-lease.ts';

describe('the lease of a process', () => {
  let nowMs = 0;
  const lease = () => createWriteLease({ now: () => nowMs });

  test('is invalid without a proof, and then each command tries to prove it', () => {
    const one = lease();
    expect([one.isValid(), one.isDue(), one.isDue()]).toEqual([false, true, true]);
  });

  test('counts from before the write was sent, is renewed by one command a second, and expires', () => {
    const one = lease();
    const sentAtMs = nowMs;
    nowMs += 400;
    one.prove(sentAtMs);
    expect([one.isValid(), one.isDue()]).toEqual([true, false]);
    nowMs = sentAtMs + 1000;
    expect([one.isDue(), one.isDue(), one.isValid()]).toEqual([true, false, true]);
    nowMs = sentAtMs + WRITE_LEASE_MS - 1;
    expect(one.isValid()).toBe(true);
    nowMs = sentAtMs + WRITE_LEASE_MS;
    expect([one.isValid(), one.isDue(), one.isDue()]).toEqual([false, true, true]);
  });

  test('is not shortened by an older proof', () => {
    const one = lease();
    one.prove(nowMs);
    one.prove(nowMs - 5000);
    expect(one.isValid()).toBe(true);
  });
});

describe.skipIf(!REDIS_AVAILABLE)('a Redis that answers reads but refuses writes', () => {
  let at: CachedDbProcesses;
  let nowMs = 0;
  const waits: number[] = [];
  /** What happens while a writer waits. */
  let meanwhile: () => Promise<unknown> = async () => undefined;
  const monotonic: NonNullable<ProcessOptions['monotonic']> = {
    now: () => nowMs,
    async wait(ms) {
      waits.push(ms);
      await meanwhile();
      nowMs += ms;
    },
  };
  beforeAll(async () => {
    at = await cachedDbProcesses();
  });
  afterAll(() => at.dispose());
  beforeEach(async () => {
    await at.server.command('FLUSHALL');
    waits.length = 0;
    meanwhile = async () => undefined;
  });

  /** A replica of a missing master serves its data and refuses writes. */
  const readOnly = { on: ['REPLICAOF', '127.0.0.1', '1'], off: ['REPLICAOF', 'NO', 'ONE'] };
  const noReplicas = { on: ['CONFIG', 'SET', 'min-replicas-to-write', '1'], off: ['CONFIG', 'SET', 'min-replicas-to-write', '0'] };
  const full = { on: ['CONFIG', 'SET', 'maxmemory', '1'], off: ['CONFIG', 'SET', 'maxmemory', '0'] };

  async function during<Result>({ on, off }: typeof full, work: () => Promise<Result>): Promise<Result> {
    await at.server.command(...on);
    try {
      return await work();
    } finally {
      await at.server.command(...off);
    }
  }

  test.each([
    ['READONLY', readOnly],
    ['NOREPLICAS', noReplicas],
  ])('%s: a data change is acknowledged once no process serves its copy any more', async (_title, refusal) => {
    const [reader, writer] = [at.open({ monotonic }), at.open({ monotonic })];
    const record = await store(at, reader);
    for (let round = 0; round < 2; round += 1) await loadOf(reader, record);
    await during(refusal, async () => {
      let served: unknown;
      meanwhile = async () => (served = await loadOf(reader, record));
      expect(await writer.update(record.handle, { expectedVersion: 1, timestamps: record, data: { next: 1 } })).toEqual({
        status: 'updated',
      });
      // This is the reason for the wait.
      expect(served).toMatchObject({ record: { version: 1 } });
      expect(waits).toEqual([WRITE_LEASE_MS]);
      for (const engine of [reader, writer, at.open({ monotonic })])
        expect(await loadOf(engine, record)).toMatchObject({ record: { version: 2, data: { next: 1 } } });
      expect(await writer.touch(record.handle, { ...record, customAgeSeconds: 60 })).toBe(true);
      expect(waits).toEqual([WRITE_LEASE_MS, WRITE_LEASE_MS]);
      await expect(writer.destroy(record.handle)).rejects.toThrow(StorageUnavailableError);
      await expect(writer.destroyByUser('somebody')).rejects.toThrow(StorageUnavailableError);
      await expect(writer.destroyAll()).rejects.toThrow(StorageUnavailableError);
      await expect(writer.userChanged('somebody')).rejects.toThrow(StorageUnavailableError);
      expect(await loadOf(reader, record)).toMatchObject({ status: 'live' });
    });
  });

  test('full: no copies are stored, and changes need no wait, because deletes are still allowed', async () => {
    const [reader, writer] = [at.open({ monotonic }), at.open({ monotonic })];
    const [record, other] = [await store(at, reader), await store(at, reader)];
    for (const one of [record, other]) await loadOf(reader, one);
    await during(full, async () => {
      expect(await writer.update(record.handle, { expectedVersion: 1, timestamps: record, data: { next: 1 } })).toEqual({
        status: 'updated',
      });
      expect(await writer.destroy(other.handle)).toBe(true);
      expect(waits).toEqual([]);
      expect(await loadOf(reader, record)).toMatchObject({ record: { version: 2 } });
      expect(await loadOf(reader, other)).toEqual({ status: 'absent' });
    });
  });

  test('if only the writer cannot reach Redis, its write is acknowledged at once', async () => {
    const reader = at.open({ monotonic });
    const writer = at.open({
      monotonic,
      onCall: (_name, call, storage) => {
        if (storage === 'redis') throw new StorageUnavailableError('unavailable', { cause: new Error('socket closed') });
        return call();
      },
    });
    const record = await store(at, reader);
    expect(await writer.update(record.handle, { expectedVersion: 1, timestamps: record, data: {} })).toEqual({ status: 'updated' });
    expect(waits).toEqual([]);
  });
});
