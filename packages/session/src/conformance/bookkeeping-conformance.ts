import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Engine, SessionRecord } from '../engine-port.ts';
import { LIFETIMES, type EngineFixture, type TestUser } from './engine-fixture.ts';
import { loadOf, newRecord, rotated, rotateTo } from './records.ts';

const USERS = 3;

/** Operations on sessions. Numbers choose among those that exist at that moment. */
type Step =
  | { readonly kind: 'create'; readonly user: number; readonly ageSeconds: number }
  | { readonly kind: 'signInFrom' | 'rotate'; readonly session: number }
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'wait'; readonly seconds: number }
  | { readonly kind: 'visit' | 'destroy'; readonly session: number }
  | { readonly kind: 'destroyByUser'; readonly user: number; readonly except: number | undefined }
  | { readonly kind: 'raiseEpoch' | 'suspend'; readonly user: number }
  | { readonly kind: 'purge'; readonly batch: number };

const user = fc.nat(USERS - 1);
const session = fc.nat(30);

const steps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('create' as const), user, ageSeconds: fc.integer({ min: 1, max: 100 }) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('signInFrom' as const, 'rotate' as const), session }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('anonymous' as const) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('wait' as const), seconds: fc.integer({ min: 1, max: 40 }) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('visit' as const, 'destroy' as const), session }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('destroyByUser' as const), user, except: fc.option(session, { nil: undefined }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('raiseEpoch' as const, 'suspend' as const), user }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('purge' as const), batch: fc.integer({ min: 1, max: 4 }) }) },
);

interface Modelled {
  /** Record as last created or rotated. */
  record: SessionRecord;
  expiresAtMs: number;
  readonly ageSeconds: number;
  /** The session that claimed it. */
  successor?: string;
}

/** The simplest possible model: a list of sessions that is scanned every time. */
class Model {
  readonly sessions: Modelled[] = [];

  isLive(one: Modelled, nowMs: number): boolean {
    return nowMs < one.expiresAtMs && one.successor === undefined;
  }

  live(nowMs: number): Modelled[] {
    return this.sessions.filter((one) => this.isLive(one, nowMs));
  }

  add(record: SessionRecord, ageSeconds: number): void {
    this.sessions.push({ record, expiresAtMs: record.expiresAtMs, ageSeconds });
  }

  remove(isRemoved: (record: SessionRecord) => boolean, nowMs: number): number {
    const removed = this.live(nowMs).filter(({ record }) => isRemoved(record)).length;
    this.sessions.splice(0, Infinity, ...this.sessions.filter(({ record }) => !isRemoved(record)));
    return removed;
  }
}

/** Lists and counts agree with a model after any operations. */
export function bookkeepingConformance(fixture: () => EngineFixture, { runs }: { runs: number }): void {
  async function agree(engine: Engine, model: Model, users: readonly TestUser[]): Promise<void> {
    const live = model.live(fixture().clock.now());
    const owners = live.flatMap(({ record }) => record.userId ?? []);
    expect(await engine.count()).toEqual({ sessions: live.length, users: new Set(owners).size });
    for (const {
      user: { id },
    } of users) {
      const listed = (await engine.listByUser(id)).sessions.map(({ record }) => record.handle);
      expect(listed.sort()).toEqual(
        live
          .filter(({ record }) => record.userId === id)
          .map(({ record }) => record.handle)
          .sort(),
      );
    }
    const byUser = new Map(owners.map((id) => [id, owners.filter((owner) => owner === id).length]));
    expect(await engine.countByUsers(['nobody', ...users.map(({ user: { id } }) => id)])).toEqual(byUser);
    expect((await engine.signedInUsers(1000)).sort()).toEqual([...byUser.keys()].sort());
    const soonMs = fixture().clock.now() + 30_000;
    const expiring = live.filter(({ expiresAtMs }) => expiresAtMs <= soonMs).length;
    expect(await engine.countExpiring(soonMs, 1000)).toBe(expiring);
    expect(await engine.countExpiring(soonMs, 1)).toBe(Math.min(1, expiring));
    const all = await engine.list({ limit: 1000 });
    expect(all.sessions.map(({ record }) => record.handle).sort()).toEqual(live.map(({ record }) => record.handle).sort());
  }

  async function run(step: Step, engine: Engine, model: Model, users: TestUser[]): Promise<void> {
    const nowMs = fixture().clock.now();
    const pick = <T>(list: readonly T[], index: number): T | undefined => list[index % Math.max(1, list.length)];
    switch (step.kind) {
      case 'create': {
        const owner = users[step.user] as TestUser;
        const record = await newRecord(fixture(), engine, { user: owner, customAgeSeconds: step.ageSeconds });
        expect(await engine.create(record)).toBe(true);
        return model.add(record, step.ageSeconds);
      }
      case 'anonymous': {
        const record = await newRecord(fixture(), engine);
        expect(await engine.create(record)).toBe(true);
        return model.add(record, LIFETIMES.ageMs / 1000);
      }
      case 'signInFrom': {
        const before = pick(model.sessions, step.session);
        if (!before) return;
        const record = await newRecord(fixture(), engine, { user: users[0], customAgeSeconds: 50 });
        expect(await engine.create(record)).toBe(true);
        model.add(record, 50);
        const { status } = await engine.claim(before.record.handle, { successor: record.handle, expectedVersion: before.record.version });
        if (nowMs >= before.expiresAtMs) return expect(status).toBe('gone');
        expect(status).toBe(before.successor === undefined ? 'claimed' : 'taken');
        before.successor ??= record.handle;
        return;
      }
      case 'rotate': {
        const before = pick(model.sessions, step.session);
        if (!before) return;
        const isLive = model.isLive(before, nowMs);
        const found = await engine.find(before.record.handle);
        expect(found !== undefined).toBe(isLive);
        const after = rotated(found?.record ?? before.record, nowMs);
        expect(await rotateTo(engine, after)).toMatchObject({ status: isLive ? 'updated' : 'gone' });
        if (isLive) before.record = after;
        return;
      }
      case 'wait':
        return fixture().clock.advance(step.seconds * 1000);
      case 'visit': {
        const visited = pick(model.sessions, step.session);
        if (!visited) return;
        const isLive = model.isLive(visited, nowMs);
        expect((await loadOf(engine, visited.record, { ip: null, userAgent: null })).status === 'live').toBe(isLive);
        if (isLive) visited.expiresAtMs = nowMs + visited.ageSeconds * 1000;
        return;
      }
      case 'destroy': {
        const ended = pick(model.sessions, step.session);
        if (!ended) return;
        const { handle } = ended.record;
        const successor = model.sessions.find(({ record }) => record.handle === ended.successor);
        // It is unspecified how far an end follows sessions that have already ended.
        const isPlain = ended.successor === undefined || (nowMs < ended.expiresAtMs && successor && model.isLive(successor, nowMs));
        if (!isPlain) return;
        expect(await engine.destroy(handle)).toBe(model.isLive(successor ?? ended, nowMs));
        return void model.remove((record) => record.handle === handle || record.handle === ended.successor, nowMs);
      }
      case 'destroyByUser': {
        const { id } = (users[step.user] as TestUser).user;
        const kept = step.except === undefined ? undefined : pick(model.sessions, step.except)?.record.handle;
        const removed = model.remove(({ userId, handle }) => userId === id && handle !== kept, nowMs);
        expect(await engine.destroyByUser(id, kept === undefined ? {} : { exceptHandle: kept })).toBe(removed);
        return;
      }
      case 'raiseEpoch': {
        const owner = users[step.user] as TestUser;
        users[step.user] = { ...owner, credentialEpoch: await fixture().accounts.raiseEpoch(owner.user.id) };
        return void model.remove(({ userId }) => userId === owner.user.id, nowMs);
      }
      case 'suspend': {
        const owner = users[step.user] as TestUser;
        await fixture().accounts.suspend(owner.user.id);
        await fixture().accounts.reactivate(owner.user.id);
        users[step.user] = { ...owner, credentialEpoch: await fixture().accounts.raiseEpoch(owner.user.id) };
        return void model.remove(({ userId }) => userId === owner.user.id, nowMs);
      }
      case 'purge':
        expect(await engine.purgeExpired(step.batch)).toBeLessThanOrEqual(step.batch);
        return model.sessions.splice(0, Infinity, ...model.live(nowMs)) && undefined;
    }
  }

  test('semantics 35: lists, counts and ends are exact after any interleaving in two alternating processes', async () => {
    const processes = [await fixture().open({ activityIntervalMs: 0 }), await fixture().open({ activityIntervalMs: 0 })] as const;
    await fc.assert(
      fc.asyncProperty(fc.array(steps, { minLength: 5, maxLength: 40 }), async (sequence) => {
        await processes[0].destroyAll();
        const users = await Promise.all(Array.from({ length: USERS }, () => fixture().accounts.create()));
        const model = new Model();
        for (const [index, step] of sequence.entries()) await run(step, processes[index % 2 ? 1 : 0], model, users);
        for (const process of processes) await agree(process, model, users);
      }),
      { numRuns: runs },
    );
  });

  test('semantics 35: lists and counts are exact after concurrent sign-ins and ends', async () => {
    const processes = [await fixture().open(), await fixture().open()] as const;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ user, isEnded: fc.boolean(), isExpired: fc.boolean() }), { minLength: 5, maxLength: 20 }),
        async (plans) => {
          await processes[0].destroyAll();
          const users = await Promise.all(Array.from({ length: USERS }, () => fixture().accounts.create()));
          const made = await Promise.all(
            plans.map(async (plan, index) => {
              const engine = processes[index % 2 ? 1 : 0];
              const record = await newRecord(fixture(), engine, {
                user: users[plan.user] as TestUser,
                ...(plan.isExpired && { customAgeSeconds: 1 }),
              });
              await engine.create(record);
              if (plan.isEnded) await processes[index % 2 ? 0 : 1].destroy(record.handle);
              return { ...plan, record };
            }),
          );
          fixture().clock.advance(1000);
          await Promise.all([processes[0].purgeExpired(3), processes[1].purgeExpired(3)]);
          const model = new Model();
          for (const { record, isEnded } of made) if (!isEnded) model.add(record, 0);
          for (const process of processes) await agree(process, model, users);
        },
      ),
      { numRuns: Math.ceil(runs / 2.5) },
    );
  });
}
