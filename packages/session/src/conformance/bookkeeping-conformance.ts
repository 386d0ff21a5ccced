import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Engine, SessionRecord } from '../engine-port.ts';
import { LIFETIMES, type EngineFixture, type TestUser } from './engine-fixture.ts';
import { newRecord } from './records.ts';

const USERS = 3;

/** What can happen to sessions; numbers choose among what there is at that moment. */
type Step =
  | { readonly kind: 'create'; readonly user: number; readonly ageSeconds: number }
  | { readonly kind: 'replace'; readonly session: number }
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
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('replace' as const), session }) },
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

/** The plainest thing that could be right: a list of sessions, looked through every time. */
class Model {
  readonly sessions: { key: string; userId: string | null; expiresAtMs: number; ageSeconds: number }[] = [];

  live(nowMs: number) {
    return this.sessions.filter(({ expiresAtMs }) => nowMs < expiresAtMs);
  }

  add(record: SessionRecord, ageSeconds: number): void {
    this.sessions.push({ key: record.key, userId: record.userId, expiresAtMs: record.expiresAtMs, ageSeconds });
  }

  remove(isRemoved: (one: { key: string; userId: string | null }) => boolean, nowMs: number): number {
    const removed = this.live(nowMs).filter(isRemoved).length;
    this.sessions.splice(0, Infinity, ...this.sessions.filter((one) => !isRemoved(one)));
    return removed;
  }
}

/** Lists and counts agree with a model after anything. */
export function bookkeepingConformance(fixture: () => EngineFixture, { runs }: { runs: number }): void {
  async function agree(engine: Engine, model: Model, users: readonly TestUser[]): Promise<void> {
    const live = model.live(fixture().clock.now());
    const owners = live.flatMap(({ userId }) => userId ?? []);
    expect(await engine.count()).toEqual({ sessions: live.length, users: new Set(owners).size });
    for (const {
      user: { id },
    } of users) {
      const listed = (await engine.listByUser(id)).sessions.map(({ record }) => record.key);
      expect(listed.sort()).toEqual(
        live
          .filter(({ userId }) => userId === id)
          .map(({ key }) => key)
          .sort(),
      );
    }
    const all = await engine.list({ limit: 1000 });
    expect(all.sessions.map(({ record }) => record.key).sort()).toEqual(live.map(({ key }) => key).sort());
  }

  async function run(step: Step, engine: Engine, model: Model, users: TestUser[]): Promise<void> {
    const nowMs = fixture().clock.now();
    const pick = <T>(list: readonly T[], index: number): T | undefined => list[index % Math.max(1, list.length)];
    switch (step.kind) {
      case 'create': {
        const owner = users[step.user] as TestUser;
        const record = newRecord(fixture(), { user: owner, customAgeSeconds: step.ageSeconds });
        expect(await engine.create(record)).toBe(true);
        return model.add(record, step.ageSeconds);
      }
      case 'anonymous': {
        const record = newRecord(fixture());
        expect(await engine.create(record)).toBe(true);
        return model.add(record, LIFETIMES.ageMs / 1000);
      }
      case 'replace': {
        const before = pick(model.sessions, step.session);
        if (!before) return;
        const owner = users[0] as TestUser;
        const record = newRecord(fixture(), { user: owner, customAgeSeconds: 50 });
        expect(await engine.create(record, { replaces: before.key })).toBe(true);
        model.remove(({ key }) => key === before.key, nowMs);
        return model.add(record, 50);
      }
      case 'wait':
        return fixture().clock.advance(step.seconds * 1000);
      case 'visit': {
        const visited = pick(model.sessions, step.session);
        if (!visited) return;
        const isLive = nowMs < visited.expiresAtMs;
        expect((await engine.load(visited.key, { ip: null, userAgent: null })).status === 'live').toBe(isLive);
        if (isLive) visited.expiresAtMs = nowMs + visited.ageSeconds * 1000;
        return;
      }
      case 'destroy': {
        const ended = pick(model.sessions, step.session);
        if (!ended) return;
        const isLive = nowMs < ended.expiresAtMs;
        expect(await engine.destroy(ended.key)).toBe(isLive);
        return void model.remove(({ key }) => key === ended.key, nowMs);
      }
      case 'destroyByUser': {
        const { id } = (users[step.user] as TestUser).user;
        const kept = step.except === undefined ? undefined : pick(model.sessions, step.except)?.key;
        const removed = model.remove(({ userId, key }) => userId === id && key !== kept, nowMs);
        expect(await engine.destroyByUser(id, kept === undefined ? {} : { exceptKey: kept })).toBe(removed);
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

  test('semantics 35: lists, counts and ends are exact after any interleaving, in two processes by turns', async () => {
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

  test('semantics 35: lists and counts are exact after sign-ins and ends at the same moment', async () => {
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
              const record = newRecord(fixture(), { user: users[plan.user] as TestUser, ...(plan.isExpired && { customAgeSeconds: 1 }) });
              await engine.create(record);
              if (plan.isEnded) await processes[index % 2 ? 0 : 1].destroy(record.key);
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
