import { expect, test } from 'vitest';
import type { Engine, SessionRecord } from '../engine-port.ts';
import { timestampsOf } from '../policy.ts';
import { freshSecrets, LOST_ROTATION_MS, mayRotate, PREVIOUS_SECRET_GRACE_MS, rotatedSecrets } from '../secrets.ts';
import type { EngineFixture } from './engine-fixture.ts';
import { loadOf, newHash, rotated, rotateTo, store } from './records.ts';

const CLIENT = { ip: '198.51.100.1', userAgent: 'Visitor/1' };

/** Which secrets open a session, and how one replaces another: the rules of secrets.ts on every storage. */
export function secretsConformance(fixture: () => EngineFixture): void {
  const two = async (): Promise<[Engine, Engine]> => [await fixture().open(), await fixture().open()];
  const nowMs = (): number => fixture().clock.now();

  /** How the engine classifies the secret of this record. */
  const secretOf = async (engine: Engine, record: SessionRecord): Promise<string> => {
    const outcome = await loadOf(engine, record);
    return outcome.status === 'live' ? outcome.secret : outcome.status;
  };

  test('semantics 48: a wrong secret is refused, changes nothing and is not activity', async () => {
    const engine = await fixture().open();
    const record = await store(fixture(), engine, { presentedAtMs: null });
    fixture().clock.advance(60_000);
    const wrong = [
      newHash(),
      record.handle,
      'null',
      '',
      record.secretHash.toLowerCase(),
      record.secretHash.slice(0, -1),
      `${record.secretHash} `,
    ];
    for (const secretHash of wrong) {
      for (const client of [CLIENT, undefined]) {
        const { writes } = await fixture().count(async () =>
          expect(await engine.load(record.handle, { secretHash, client })).toEqual({ status: 'absent' }),
        );
        expect(writes).toBe(0);
      }
    }
    expect(await engine.find(record.handle)).toEqual({ record, user: null });
  });

  test('security: the secret of one session opens no other', async () => {
    const engine = await fixture().open();
    const [one, other] = [await store(fixture(), engine), await store(fixture(), engine)];
    expect(await engine.load(one.handle, { secretHash: other.secretHash })).toEqual({ status: 'absent' });
    expect(await secretOf(engine, one)).toBe('current');
  });

  test('a wrong secret gets the same answer for an expired session as for an unknown one', async () => {
    const engine = await fixture().open();
    const record = await store(fixture(), engine, { customAgeSeconds: 1 });
    fixture().clock.advance(1000);
    expect(await engine.load(record.handle, { secretHash: newHash() })).toEqual({ status: 'absent' });
    expect((await loadOf(engine, record)).status).not.toBe('live');
  });

  test('semantics 45 and 47: after a rotation the id is unchanged, and the previous secret is valid until five seconds after the new one is presented', async () => {
    const [engine, other] = await two();
    const before = await store(fixture(), engine);
    const after = rotated(before, nowMs());
    expect(await rotateTo(engine, after)).toMatchObject({ status: 'updated' });
    // However long the new cookie takes to arrive.
    fixture().clock.advance(10 * PREVIOUS_SECRET_GRACE_MS);
    for (const process of [engine, other]) expect(await secretOf(process, before)).toBe('previous');
    expect(await engine.find(before.handle)).toMatchObject({ record: { presentedAtMs: null } });
    expect(await secretOf(other, after)).toBe('current');
    fixture().clock.advance(PREVIOUS_SECRET_GRACE_MS - 1);
    for (const process of [engine, other]) expect(await secretOf(process, before)).toBe('previous');
    fixture().clock.advance(1);
    for (const process of [engine, other]) {
      expect(await secretOf(process, before)).toBe('absent');
      expect(await secretOf(process, after)).toBe('current');
    }
  });

  test('semantics 47: a role change invalidates the previous secret at once and keeps the current one', async () => {
    const [engine, other] = await two();
    const owner = await fixture().accounts.create();
    const before = await store(fixture(), engine, { user: owner });
    const after = rotated(before, nowMs());
    await rotateTo(engine, after);
    expect(await secretOf(other, before)).toBe('previous');
    await fixture().accounts.setRole(owner.user.id, 'admin');
    for (const process of [engine, other]) {
      expect(await secretOf(process, before)).toBe('absent');
      expect(await secretOf(process, after)).toBe('current');
    }
    // The next rotation starts over.
    const next = rotated(after, nowMs());
    expect(await rotateTo(engine, next)).toMatchObject({ status: 'updated' });
    expect(await secretOf(other, after)).toBe('previous');
  });

  test('semantics 15: a re-authentication restarts every age, including the absolute one', async () => {
    const engine = await fixture().open();
    const before = await store(fixture(), engine);
    fixture().clock.advance(3_600_000);
    const timestamps = { ...timestampsOf(before), createdAtMs: nowMs(), renewedAtMs: nowMs() };
    expect(await engine.update(before.handle, { expectedVersion: before.version, timestamps })).toMatchObject({ status: 'updated' });
    expect((await engine.find(before.handle))?.record.createdAtMs).toBe(nowMs());
  });

  test('a request with the previous secret is activity and reads current data', async () => {
    const engine = await fixture().open();
    const before = await store(fixture(), engine);
    const after = rotated(before, nowMs());
    await engine.update(after.handle, { expectedVersion: 1, timestamps: after, secrets: after, data: { step: 2 } });
    fixture().clock.advance(60_000);
    const outcome = await loadOf(engine, before, CLIENT);
    expect(outcome).toMatchObject({ slid: true, secret: 'previous', record: { ...CLIENT, data: { step: 2 }, lastActivityAtMs: nowMs() } });
    expect(outcome).toMatchObject({ record: { presentedAtMs: null } });
  });

  test('after two rotations in sequence the first secret is refused, whichever of them was presented', async () => {
    const engine = await fixture().open();
    const first = await store(fixture(), engine);
    const second = rotated(first, nowMs());
    const third = rotated(second, nowMs());
    for (const next of [second, third]) expect(await rotateTo(engine, next)).toMatchObject({ status: 'updated' });
    expect(await Promise.all([first, second, third].map((record) => secretOf(engine, record)))).toEqual(['absent', 'previous', 'current']);
  });

  test('semantics 47: after a rise in privilege the previous secret is refused at once, also in another process', async () => {
    const [engine, other] = await two();
    const before = await store(fixture(), engine);
    expect(await secretOf(other, before)).toBe('current');
    const after = { ...before, ...freshSecrets({ secretHash: newHash(), nowMs: nowMs() }), version: 2 };
    expect(await rotateTo(engine, after)).toMatchObject({ status: 'updated' });
    for (const process of [engine, other]) expect(await secretOf(process, before)).toBe('absent');
    expect(await secretOf(other, after)).toBe('current');
  });

  test('of two concurrent rotations one wins, the other changes nothing, and exactly one new secret is valid', async () => {
    const [engine, other] = await two();
    for (let attempt = 0; attempt < 20; attempt++) {
      const before = await store(fixture(), engine);
      const both = [rotated(before, nowMs()), rotated(before, nowMs())] as const;
      const outcomes = await Promise.all([rotateTo(engine, both[0]), rotateTo(other, both[1])]);
      expect(outcomes.map(({ status }) => status).sort()).toEqual(['conflict', 'updated']);
      const [winner, loser] = outcomes[0].status === 'updated' ? both : [both[1], both[0]];
      expect(await secretOf(engine, loser)).toBe('absent');
      expect(await secretOf(engine, before)).toBe('previous');
      expect(await secretOf(other, winner)).toBe('current');
    }
  });

  test('of a concurrent rotation and data change one is a conflict, and neither is lost after a retry', async () => {
    const [engine, other] = await two();
    for (let attempt = 0; attempt < 20; attempt++) {
      const before = await store(fixture(), engine);
      const after = rotated(before, nowMs());
      const write = (expectedVersion: number) =>
        other.update(before.handle, { expectedVersion, data: { attempt }, timestamps: before }).then(({ status }) => status);
      const [turned, written] = await Promise.all([rotateTo(engine, after), write(1)]);
      expect([turned.status, written].sort()).toEqual(['conflict', 'updated']);
      if (written === 'conflict') expect(await write(2)).toBe('updated');
      else expect(await rotateTo(engine, { ...after, version: 3 })).toMatchObject({ status: 'updated' });
      expect(await loadOf(engine, after)).toMatchObject({ secret: 'current', record: { data: { attempt }, version: 3 } });
    }
  });

  test('a rotation whose cookie was lost can be repeated with the previous secret', async () => {
    const engine = await fixture().open();
    const before = await store(fixture(), engine);
    const lost = rotated(before, nowMs());
    expect(await rotateTo(engine, lost)).toMatchObject({ status: 'updated' });
    fixture().clock.advance(LOST_ROTATION_MS);
    const loaded = await loadOf(engine, before);
    expect(loaded.status === 'live' && mayRotate(loaded.record, before.secretHash, nowMs())).toBe(true);
    const secrets = rotatedSecrets(before.secretHash, { secretHash: newHash(), nowMs: nowMs() });
    expect(await engine.update(before.handle, { expectedVersion: 2, timestamps: before, secrets })).toMatchObject({ status: 'updated' });
    const again = { ...before, ...secrets };
    expect(await Promise.all([before, lost, again].map((record) => secretOf(engine, record)))).toEqual(['previous', 'absent', 'current']);
  });

  test('the first presentation of the current secret is written once, with or without activity, and costs nothing afterwards', async () => {
    const [engine, other] = await two();
    for (const client of [CLIENT, undefined]) {
      const record = await store(fixture(), engine, { presentedAtMs: null });
      fixture().clock.advance(1000);
      const presentedAtMs = nowMs();
      const first = await fixture().count(async () =>
        expect(await loadOf(engine, record, client)).toMatchObject({ slid: false, record: { presentedAtMs, version: 1 } }),
      );
      expect(first.writes).toBe(1);
      fixture().clock.advance(1000);
      // The first load in another process may have to read the user.
      expect(await loadOf(other, record, client)).toMatchObject({ record: { presentedAtMs } });
      const next = await fixture().count(() => loadOf(engine, record, client));
      expect(next.requests).toBeLessThanOrEqual(1);
      expect(next.writes).toBe(0);
      expect(await engine.find(record.handle)).toEqual({ record: { ...record, presentedAtMs }, user: null });
    }
  });

  test('the first presentation and the activity take one write', async () => {
    const engine = await fixture().open();
    const record = await store(fixture(), engine, { presentedAtMs: null });
    fixture().clock.advance(60_000);
    const expected = { slid: true, record: { ...CLIENT, presentedAtMs: nowMs(), lastActivityAtMs: nowMs() } };
    const { writes } = await fixture().count(async () => expect(await loadOf(engine, record, CLIENT)).toMatchObject(expected));
    expect(writes).toBe(1);
    expect(await engine.find(record.handle)).toMatchObject({ record: expected.record });
  });

  test('a secret presented during a rotation does not count as the new one', async () => {
    const [engine, other] = await two();
    for (let attempt = 0; attempt < 20; attempt++) {
      const before = await store(fixture(), engine, { presentedAtMs: null });
      fixture().clock.advance(60_000);
      const after = rotated(before, nowMs());
      const visits = [loadOf(other, before), loadOf(engine, before, CLIENT), loadOf(other, before, CLIENT)];
      expect(await rotateTo(engine, after)).toMatchObject({ status: 'updated' });
      for (const outcome of await Promise.all(visits)) expect(outcome.status).toBe('live');
      expect(await engine.find(before.handle)).toMatchObject({ record: { presentedAtMs: null, secretHash: after.secretHash } });
    }
  });
}
