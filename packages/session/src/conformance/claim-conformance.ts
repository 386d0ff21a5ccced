import { expect, test } from 'vitest';
import type { Engine, SessionRecord } from '../engine-port.ts';
import type { EngineFixture } from './engine-fixture.ts';
import { loadOf, newHash, newRecord, rotated, rotateTo, signInFrom, store } from './records.ts';

const CLIENT = { ip: null, userAgent: null };

/** A session claims the one that it was signed in from. */
export function claimConformance(fixture: () => EngineFixture): void {
  const two = async (): Promise<[Engine, Engine]> => [await fixture().open(), await fixture().open()];
  const claim = (engine: Engine, before: SessionRecord, { handle: successor }: SessionRecord) =>
    engine.claim(before.handle, { successor, expectedVersion: before.version });

  test('a claimed session names its successor to the holder of its secret and is not live otherwise', async () => {
    const [engine, other] = await two();
    const [owner, next] = [await fixture().accounts.create(), await fixture().accounts.create()];
    const before = await store(fixture(), engine, { user: owner });
    const after = await signInFrom(fixture(), engine, before, { user: next });
    const claimed = { status: 'claimed', successor: after.handle, claimedAtMs: fixture().clock.now() };
    fixture().clock.advance(60_000);
    for (const process of [engine, other]) {
      expect(await loadOf(process, before)).toEqual(claimed);
      expect(await loadOf(process, before, CLIENT)).toEqual(claimed);
      expect(await process.load(before.handle, { secretHash: newHash() })).toEqual({ status: 'absent' });
      expect(await process.find(before.handle)).toBeUndefined();
      expect((await process.listByUser(owner.user.id)).sessions).toEqual([]);
      expect((await process.list({ limit: 10 })).sessions.map(({ record }) => record.handle)).toEqual([after.handle]);
      expect(await process.count()).toEqual({ sessions: 1, users: 1 });
      for (const expectedVersion of [1, 2, 3])
        for (const change of [{ data: {} }, { secrets: before }, { secrets: before, credentialEpoch: owner.credentialEpoch }])
          expect(await process.update(before.handle, { expectedVersion, timestamps: before, ...change })).toEqual({ status: 'gone' });
      expect(await process.touch(before.handle, before, CLIENT)).toBe(false);
    }
    expect(await loadOf(engine, before)).toEqual(claimed);
    expect(await loadOf(other, after)).toMatchObject({ status: 'live', user: { id: next.user.id } });
    expect(await engine.destroyByUser(owner.user.id)).toBe(0);
    expect(await engine.destroyAll()).toBe(1);
  });

  test('a claim of a session that was written since is a conflict and changes nothing', async () => {
    const [engine, other] = await two();
    const [before, after] = [await store(fixture(), engine), await store(fixture(), engine)];
    expect(await other.update(before.handle, { expectedVersion: 1, data: { late: 1 }, timestamps: before })).toMatchObject({
      status: 'updated',
    });
    expect(await claim(engine, before, after)).toEqual({ status: 'conflict' });
    expect(await loadOf(engine, before)).toMatchObject({ status: 'live', record: { data: { late: 1 } } });
    expect(await claim(engine, { ...before, version: 2 }, after)).toEqual({ status: 'claimed' });
  });

  test('semantics 32: of two sign-ins from one session the first claim wins, and the other learns the successor', async () => {
    const [engine, other] = await two();
    const owner = await fixture().accounts.create();
    for (let attempt = 0; attempt < 20; attempt++) {
      const before = await store(fixture(), engine);
      const both = [await store(fixture(), engine, { user: owner }), await store(fixture(), other, { user: owner })] as const;
      const outcomes = await Promise.all([claim(engine, before, both[0]), claim(other, before, both[1])]);
      const [winner, loser] = outcomes[0].status === 'claimed' ? both : [both[1], both[0]];
      const taken = { status: 'taken', successor: winner.handle, claimedAtMs: fixture().clock.now() };
      expect(outcomes).toContainEqual({ status: 'claimed' });
      expect(outcomes).toContainEqual(taken);
      expect(await loadOf(engine, before)).toEqual({ ...taken, status: 'claimed' });
      // The successor stays the same, however often the other one tries again.
      expect(await claim(other, before, loser)).toEqual(taken);
    }
  });

  test('a concurrent write is part of the claimed session, or reports that it is gone', async () => {
    const [engine, other] = await two();
    for (let attempt = 0; attempt < 20; attempt++) {
      const [before, after] = [await store(fixture(), engine), await store(fixture(), engine)];
      const write = other.update(before.handle, { expectedVersion: 1, data: { attempt }, timestamps: before });
      const [claimed, written] = await Promise.all([claim(engine, before, after), write]);
      expect([claimed.status, written.status]).toEqual(claimed.status === 'claimed' ? ['claimed', 'gone'] : ['conflict', 'updated']);
    }
  });

  test('a claim can be replaced by callers who know the successor, and by only one of them', async () => {
    const [engine, other] = await two();
    const before = await store(fixture(), engine);
    const lost = await signInFrom(fixture(), engine, before);
    const both = [await store(fixture(), engine), await store(fixture(), engine)] as const;
    fixture().clock.advance(5000);
    const takeOver = (process: Engine, { handle: successor }: SessionRecord) =>
      process.claim(before.handle, { successor, expectedSuccessor: lost.handle });
    const outcomes = await Promise.all([takeOver(engine, both[0]), takeOver(other, both[1])]);
    const [winner, loser] = outcomes[0].status === 'claimed' ? both : [both[1], both[0]];
    const taken = { status: 'taken', successor: winner.handle, claimedAtMs: fixture().clock.now() };
    expect(outcomes).toContainEqual({ status: 'claimed' });
    expect(outcomes).toContainEqual(taken);
    expect(await takeOver(engine, loser)).toEqual(taken);
    expect(await loadOf(other, before)).toEqual({ ...taken, status: 'claimed' });
    expect(await other.destroy(before.handle)).toBe(true);
    expect(await loadOf(engine, winner)).toEqual({ status: 'absent' });
  });

  test('semantics 28: an ended session cannot be claimed, whatever ended it', async () => {
    const [engine, other] = await two();
    const owner = await fixture().accounts.create();
    const after = await store(fixture(), engine);
    for (const end of [(handle: string) => engine.destroy(handle), () => engine.destroyByUser(owner.user.id)]) {
      const before = await store(fixture(), engine, { user: owner });
      await end(before.handle);
      expect(await claim(other, before, after)).toEqual({ status: 'gone' });
      expect(await other.claim(before.handle, { successor: after.handle, expectedSuccessor: after.handle })).toEqual({ status: 'gone' });
      expect(await loadOf(engine, before)).toEqual({ status: 'absent' });
    }
    const over = await store(fixture(), engine, { customAgeSeconds: 1 });
    fixture().clock.advance(1000);
    expect(await claim(other, over, after)).toEqual({ status: 'gone' });
  });

  test('ending a claimed session ends its successor and that one’s successors', async () => {
    const [engine, other] = await two();
    const [owner, neighbour] = [await fixture().accounts.create(), await store(fixture(), engine)];
    const first = await store(fixture(), engine);
    const second = await signInFrom(fixture(), engine, first, { user: owner });
    const third = await signInFrom(fixture(), other, second, { user: await fixture().accounts.create() });
    expect((await loadOf(other, third)).status).toBe('live');
    expect(await other.destroy(first.handle)).toBe(true);
    for (const process of [engine, other])
      for (const record of [first, second, third]) expect(await loadOf(process, record)).toEqual({ status: 'absent' });
    expect(await engine.destroy(first.handle)).toBe(false);
    expect(await loadOf(engine, neighbour)).toMatchObject({ status: 'live' });
  });

  test('ending a claimed session whose successor has ended ends nothing', async () => {
    const engine = await fixture().open();
    const before = await store(fixture(), engine);
    const after = await signInFrom(fixture(), engine, before);
    expect(await engine.destroy(after.handle)).toBe(true);
    expect(await engine.destroy(before.handle)).toBe(false);
    expect(await loadOf(engine, before)).not.toMatchObject({ status: 'live' });
  });

  test('semantics 28: after a concurrent end and claim, and undoing the sign-in, neither session is live in 40 of 40 tries', async () => {
    const [engine, other] = await two();
    const owner = await fixture().accounts.create();
    for (let attempt = 0; attempt < 40; attempt++) {
      const before = await store(fixture(), engine);
      const after = await store(fixture(), other, { user: owner });
      const signIn = async () => {
        const { status } = await claim(other, before, after);
        if (status !== 'claimed') await other.destroy(after.handle);
        return status;
      };
      const end = () => engine.destroy(before.handle);
      const outcomes = await Promise.all(attempt % 2 ? [end(), signIn()] : [signIn(), end()]);
      expect(outcomes).toContain(true);
      expect(outcomes.some((outcome) => outcome === 'claimed' || outcome === 'gone')).toBe(true);
      expect(await engine.count()).toEqual({ sessions: 0, users: 0 });
      for (const record of [before, after]) expect((await loadOf(other, record)).status).not.toBe('live');
    }
  });

  test('a claimed session is purged when it expires, and is not reported as expired', async () => {
    const engine = await fixture().open();
    const owner = await fixture().accounts.create();
    const before = await store(fixture(), engine, { user: owner, customAgeSeconds: 60 });
    const plain = await store(fixture(), engine, { user: owner, customAgeSeconds: 60 });
    const after = await signInFrom(fixture(), engine, before, { user: await fixture().accounts.create() });
    fixture().clock.advance(60_000);
    expect((await loadOf(engine, before)).status).not.toBe('claimed');
    while ((await engine.purgeExpired(10)) > 0);
    const dump = await fixture().dump();
    for (const { secretHash } of [before, plain]) expect(dump).not.toContain(secretHash);
    expect(fixture().expirations).toEqual([plain.handle]);
    expect((await loadOf(engine, after)).status).toBe('live');
  });

  test('the previous secret of a claimed session also leads to the successor', async () => {
    const engine = await fixture().open();
    const first = await store(fixture(), engine);
    const before = rotated(first, fixture().clock.now());
    await rotateTo(engine, before);
    const { handle: successor } = await signInFrom(fixture(), engine, before);
    expect(await loadOf(engine, first)).toMatchObject({ status: 'claimed', successor });
  });

  test('a pointer is stored as claimed, is not listed or counted, and ending it ends the session', async () => {
    const [engine, other] = await two();
    const owner = await fixture().accounts.create();
    const session = await store(fixture(), engine, { user: owner });
    const pointer = await newRecord(fixture(), engine);
    expect(await engine.create(pointer, { successor: session.handle })).toBe(true);
    expect(await loadOf(other, pointer, CLIENT)).toEqual({
      status: 'claimed',
      successor: session.handle,
      claimedAtMs: fixture().clock.now(),
    });
    expect(await other.load(pointer.handle, { secretHash: newHash() })).toEqual({ status: 'absent' });
    expect(await other.find(pointer.handle)).toBeUndefined();
    expect(await other.count()).toEqual({ sessions: 1, users: 1 });
    expect((await other.list({ limit: 10 })).sessions.map(({ record }) => record.handle)).toEqual([session.handle]);
    // Two concurrent requests create it once.
    await expect(
      other.create({ ...(await newRecord(fixture(), other)), handle: pointer.handle }, { successor: session.handle }),
    ).rejects.toThrow();
    expect(await other.destroy(pointer.handle)).toBe(true);
    expect(await loadOf(engine, session)).toEqual({ status: 'absent' });
  });
}
