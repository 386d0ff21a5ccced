import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { loadOf, newRecord, store } from '../../conformance/records.ts';
import type { Engine, SessionRecord } from '../../engine-port.ts';
import { StorageUnavailableError } from '../../errors.ts';
import { cachedDbProcesses, type CachedDbProcesses } from '../../test-support/cached-db-processes.ts';
import { REDIS_AVAILABLE } from '../../test-support/redis-server.ts';

let at: CachedDbProcesses;

describe.skipIf(!REDIS_AVAILABLE)('an end that fails halfway', () => {
  beforeAll(async () => {
    at = await cachedDbProcesses();
  });
  afterAll(() => at.dispose());
  beforeEach(() => at.server.command('FLUSHALL'));

  const signedIn = async (engine: Engine): Promise<SessionRecord> => store(at, engine, { user: await at.accounts.create() });

  /** Changes that no copy may contradict. */
  const statusInDatabase = async ({ handle }: SessionRecord): Promise<string> => ((await at.open().find(handle)) ? 'live' : 'absent');

  /** A process whose nth call fails, either before it is made or afterwards, so that its result is lost. */
  function failing(step: number, when: 'before' | 'after') {
    const calls = { count: 0 };
    const engine = at.open({
      async onCall(_name, call) {
        const isFailing = calls.count++ === step;
        if (isFailing && when === 'before') throw new StorageUnavailableError('unavailable');
        const answer = await call();
        if (isFailing) throw new StorageUnavailableError('The reply is lost.');
        return answer;
      },
    });
    return { engine, calls };
  }

  describe.each(['before', 'after'] as const)('%s any of its calls', (when) => {
    test('semantics 49: a sign-out: its user can repeat it until it succeeds, nobody else can, and it is reported once', async () => {
      const engine = at.open();
      let failures = 0;
      for (let [step, hasMore] = [0, true]; hasMore; step += 1) {
        const record = await signedIn(engine);
        await loadOf(engine, record);
        const { engine: writer, calls } = failing(step, when);
        const ofUser = record.userId ?? '';
        const outcome: unknown = await writer.destroy(record.handle, { ofUser }).catch((error: unknown) => error);
        hasMore = calls.count > step;
        if (outcome instanceof Error) {
          failures += 1;
          expect(outcome).toBeInstanceOf(StorageUnavailableError);
          expect([step, await loadOf(engine, record)]).toMatchObject([step, { status: await statusInDatabase(record) }]);
          expect([step, await engine.destroy(record.handle, { ofUser: 'somebody-else' })]).toEqual([step, false]);
          expect([step, await engine.destroy(record.handle, step % 2 ? { ofUser } : {})]).toEqual([step, true]);
          expect([step, await engine.destroy(record.handle, { ofUser })]).toEqual([step, false]);
        } else expect(outcome).toBe(true);
        expect(await loadOf(engine, record)).toEqual({ status: 'absent' });
      }
      expect(failures).toBeGreaterThan(3);
    });

    test('revoking all sessions of a user or of everyone: an error, and a repetition succeeds', async () => {
      const engine = at.open();
      for (const end of [(one: Engine, { userId }: SessionRecord) => one.destroyByUser(userId ?? ''), (one: Engine) => one.destroyAll()]) {
        for (let [step, hasMore] = [0, true]; hasMore; step += 1) {
          const record = await signedIn(engine);
          await loadOf(engine, record);
          const { engine: writer, calls } = failing(step, when);
          const outcome: unknown = await end(writer, record).catch((error: unknown) => error);
          hasMore = calls.count > step;
          if (outcome instanceof Error) {
            expect(outcome).toBeInstanceOf(StorageUnavailableError);
            expect([step, await loadOf(engine, record)]).toMatchObject([step, { status: await statusInDatabase(record) }]);
            await end(engine, record);
          } else expect(outcome).toBe(1);
          expect(await loadOf(engine, record)).toEqual({ status: 'absent' });
        }
      }
    });
  });

  test('a sign-in beyond the limit: ends nothing if Redis is unavailable, and is undone if it fails later', async () => {
    const engine = at.open({ limitPerUser: 1 });
    const user = await at.accounts.create();
    for (let [step, hasMore] = [0, true]; hasMore; step += 1) {
      await engine.destroyByUser(user.user.id);
      const before = await store(at, engine, { user });
      await loadOf(engine, before);
      let redisCalls = 0;
      const writer = at.open({
        limitPerUser: 1,
        onCall: (_name, call, storage) => {
          if (storage === 'redis' && redisCalls++ === step) throw new StorageUnavailableError('unavailable');
          return call();
        },
      });
      const record = await newRecord(at, engine, { user });
      const outcome: unknown = await writer.create(record).catch((error: unknown) => error);
      hasMore = redisCalls > step;
      if (step === 0)
        expect([outcome, await loadOf(engine, before)]).toMatchObject([expect.any(StorageUnavailableError), { status: 'live' }]);
      else expect(await loadOf(engine, before)).toEqual({ status: 'absent' });
      expect((await loadOf(engine, record)).status).toBe(outcome === true ? 'live' : 'absent');
    }
  });

  test('an end beside a rotation keeps its mark, so that it can be repeated', async () => {
    const engine = at.open();
    const record = await signedIn(engine);
    const { engine: writer } = failing(3, 'before');
    await expect(writer.destroy(record.handle)).rejects.toThrow(StorageUnavailableError);
    expect(await engine.update(record.handle, { expectedVersion: 1, timestamps: record, secrets: record })).toEqual({ status: 'gone' });
    expect(await engine.destroy(record.handle, { ofUser: record.userId ?? '' })).toBe(true);
  });

  test('also if Redis was emptied in between, so that the mark is lost and another process has stored a copy', async () => {
    const engine = at.open();
    const record = await signedIn(engine);
    const writer = at.open({
      async onCall(name, call) {
        if (name === 'inspectCopy') throw new StorageUnavailableError('unavailable');
        if (name === 'destroyOne') {
          await at.server.command('FLUSHALL');
          await loadOf(engine, record);
        }
        return call();
      },
    });
    await expect(writer.destroy(record.handle)).rejects.toThrow(StorageUnavailableError);
    expect(await engine.destroy(record.handle, { ofUser: 'somebody-else' })).toBe(false);
    expect(await engine.destroy(record.handle, { ofUser: record.userId ?? '' })).toBe(true);
    expect(await loadOf(engine, record)).toEqual({ status: 'absent' });
  });

  test('if Redis loses the mark every time, the end is an error', async () => {
    const engine = at.open();
    const record = await signedIn(engine);
    const writer = at.open({
      async onCall(name, call) {
        const answer = await call();
        if (name === 'markCopy') await at.server.command('FLUSHALL');
        return answer;
      },
    });
    await expect(writer.destroy(record.handle)).rejects.toThrow(StorageUnavailableError);
  });

  test('semantics 40: without Redis reading still works from the database; signing out is an error, and a repetition after Redis is back succeeds', async () => {
    const engine = at.open();
    const record = await signedIn(engine);
    await loadOf(engine, record);
    await at.server.kill();
    expect((await loadOf(engine, record)).status).toBe('live');
    await expect(engine.destroy(record.handle)).rejects.toThrow(StorageUnavailableError);
    await expect(engine.beginUserChange(record.userId ?? '')).rejects.toThrow(StorageUnavailableError);
    expect(await engine.update(record.handle, { expectedVersion: 1, timestamps: record, data: { kept: true } })).toEqual({
      status: 'updated',
    });
    await at.server.start();
    const again = (): Promise<boolean> => engine.destroy(record.handle).catch(() => false);
    await expect.poll(again).toBe(true);
    expect(await loadOf(engine, record)).toEqual({ status: 'absent' });
  });

  test('without the required replica, an end is an error and has ended nothing; everything else works', async () => {
    const lonely = await cachedDbProcesses({ wait: 1 });
    const engine = lonely.open();
    const record = await store(lonely, engine, { user: await lonely.accounts.create() });
    await loadOf(engine, record);
    expect(await engine.update(record.handle, { expectedVersion: 1, timestamps: record, data: { kept: true } })).toEqual({
      status: 'updated',
    });
    for (const end of [
      () => engine.destroy(record.handle),
      () => engine.destroyByUser(record.userId ?? ''),
      () => engine.destroyAll(),
      () => engine.update(record.handle, { expectedVersion: 2, timestamps: record, secrets: record }),
      () => engine.beginUserChange(record.userId ?? ''),
      () => engine.userChanged(record.userId ?? ''),
    ])
      await expect(end()).rejects.toThrow(StorageUnavailableError);
    expect(await loadOf(engine, record)).toMatchObject({ status: 'live', record: { version: 2, data: { kept: true } } });
    await lonely.dispose();
  });

  test('semantics 40: losing all of Redis loses no session', async () => {
    const engine = at.open();
    const record = await signedIn(engine);
    await loadOf(engine, record);
    await at.server.command('FLUSHALL');
    expect((await loadOf(engine, record)).status).toBe('live');
  });
});
