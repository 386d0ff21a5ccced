import * as fc from 'fast-check';
import type { Database } from '@gatehouse/prisma';
import { byTier } from '@gatehouse/prisma/testing/by-tier';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LIFETIMES, type TestUser } from '../../conformance/engine-fixture.ts';
import { loadOf, newRecord, rotated, rotateTo, store } from '../../conformance/records.ts';
import type { Engine, SessionRecord } from '../../engine-port.ts';
import { databaseAccounts } from '../../test-support/database-accounts.ts';
import { raw } from '../../test-support/redis-fixture.ts';
import { REDIS_AVAILABLE, startRedis, type RedisServer } from '../../test-support/redis-server.ts';
import { createTempDatabase, type TempDatabase } from '../../test-support/temp-database.ts';
import { createTestClock } from '../../test-support/test-clock.ts';
import { createTurnstile, type Turnstile } from '../../test-support/turnstile.ts';
import { databaseUsers } from '../db/database-users.ts';
import { openRedis, type RedisConnection } from './connection.ts';
import { createRedisEngine } from './redis-engine.ts';

const USERS = 2;
const SESSIONS = 5;
const CLIENT = { ip: null, userAgent: null };
const LIVELY = { ...LIFETIMES, activityIntervalMs: 0 };

/** Concurrent operations. Numbers choose among the users, and among the sessions that existed before. */
type Act =
  | { readonly kind: 'signIn'; readonly user: number; readonly from: number | undefined }
  | { readonly kind: 'visit' | 'update' | 'touch' | 'destroy' | 'rotate'; readonly session: number }
  | { readonly kind: 'destroyByUser'; readonly user: number; readonly except: number | undefined }
  | { readonly kind: 'changePassword' | 'makeAdmin'; readonly user: number }
  | { readonly kind: 'purge' };

const user = fc.nat(USERS - 1);
const session = fc.nat(SESSIONS - 1);
const maybeSession = fc.option(session, { nil: undefined });

const acts: fc.Arbitrary<Act> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('signIn' as const), user, from: maybeSession }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom('visit', 'update', 'touch', 'destroy', 'rotate'), session }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('destroyByUser' as const), user, except: maybeSession }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('changePassword', 'makeAdmin'), user }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('purge' as const) }) },
) as fc.Arbitrary<Act>;

interface SignIn {
  readonly record: SessionRecord;
  readonly from: number | undefined;
  /** Stored, and not undone because another sign-in claimed the original session. */
  readonly isStored: boolean;
  readonly claimed: boolean;
}

describe.skipIf(!REDIS_AVAILABLE)(
  'semantics 35: any concurrent operations, in any order of their requests to Redis and the accounts',
  () => {
    let server: RedisServer;
    let connection: RedisConnection;
    let storage: TempDatabase;
    let database: Database;
    const clock = createTestClock();
    beforeAll(async () => {
      server = await startRedis();
      connection = await openRedis(server.url);
      storage = await createTempDatabase();
      database = await storage.connect();
    });
    afterAll(async () => {
      await connection.close();
      await server.stop();
      await storage.dispose();
    });

    const redisEngine = (isCluster: boolean, { through, pass }: Turnstile) => {
      const redis = through(connection.commands);
      return createRedisEngine({
        lifetimes: LIVELY,
        now: clock.now,
        users: through(databaseUsers(database.prisma)),
        redis,
        replicated: redis,
        waitsForReplicas: false,
        isCluster,
        nodes: async () => (await connection.nodes()).map((node) => ({ ...node, send: (words) => pass(() => node.send(words)) })),
        prefix: 'p:',
        serializer: JSON,
        close: () => Promise.resolve(),
      });
    };

    test.each([
      ['one server', false],
      // One server is enough: what matters about a cluster is that indexes are maintained separately from the records.
      ['with separate indexes', true],
    ])('%s: ended sessions stay ended, roles are as set, and lists, counts and indexes are exact', async (_name, isCluster) => {
      const order = fc.infiniteStream(fc.nat(1000));
      const anything = fc.array(acts, { minLength: 2, maxLength: 7 });
      await fc.assert(fc.asyncProperty(anything, order, runAtOnce), { numRuns: byTier(15, 100) });
      const rotate: Act = { kind: 'rotate', session: 1 };
      const signIn: Act = { kind: 'signIn', user: 0, from: undefined };
      const signInFrom: Act = { kind: 'signIn', user: 0, from: 1 };
      const pairs: Act[][] = [
        [signIn, { kind: 'makeAdmin', user: 0 }],
        [signIn, { kind: 'changePassword', user: 0 }],
        [signIn, { kind: 'destroyByUser', user: 0, except: undefined }],
        [signInFrom, { kind: 'destroy', session: 1 }],
        [signInFrom, signInFrom],
        [rotate, { kind: 'destroy', session: 1 }],
        [rotate, rotate, { kind: 'destroy', session: 1 }],
        [rotate, rotate, { kind: 'destroyByUser', user: 1, except: undefined }],
        [{ kind: 'visit', session: 0 }, { kind: 'purge' }],
      ];
      for (const pair of pairs) await fc.assert(fc.asyncProperty(fc.constant(pair), order, runAtOnce), { numRuns: byTier(4, 30) });

      async function runAtOnce(plan: readonly Act[], order: fc.Stream<number>): Promise<void> {
        await raw(connection.commands).flushDb();
        const turns = createTurnstile(() => order.next().value as number);
        const engines = await drained(turns, Promise.all([redisEngine(isCluster, turns), redisEngine(isCluster, turns)]));
        const [here, there] = engines;
        const accounts = databaseAccounts(database.prisma);
        const users = await Promise.all(Array.from({ length: USERS }, () => accounts.create()));
        const before: SessionRecord[] = [];
        for (let index = 0; index < SESSIONS; index += 1) {
          const owner = users[index % USERS] as TestUser;
          const age = index === 0 ? { customAgeSeconds: 60 } : {};
          before.push(await drained(turns, store({ clock }, here, { user: owner, lifetimes: LIVELY, ...age })));
        }
        // The first is expired but not purged.
        clock.advance(60_000);
        const signIns: SignIn[] = [];
        const rotations: SessionRecord[] = [];
        await drained(turns, Promise.all(plan.map((act, index) => run(act, engines[index % 2 ? 0 : 1]))));
        await check();

        /** The same steps as in `packages/accounts`. */
        async function change(engine: Engine, userId: string, ends: boolean, work: () => Promise<unknown>): Promise<void> {
          const token = await engine.beginUserChange(userId);
          if (ends) await engine.destroyByUser(userId);
          await turns.pass(work);
          await engine.userChanged(userId);
          await engine.endUserChange(userId, token);
        }

        async function run(act: Act, engine: Engine): Promise<void> {
          switch (act.kind) {
            case 'signIn': {
              const record = await newRecord({ clock }, engine, { user: users[act.user] as TestUser, lifetimes: LIVELY });
              const stored = await engine.create(record);
              let [isStored, claimed] = [stored, false];
              if (stored && act.from !== undefined) {
                const { status } = await engine.claim(at(act.from).handle, { successor: record.handle });
                claimed = status === 'claimed';
                isStored = claimed || status === 'gone';
                if (!isStored) await engine.destroy(record.handle);
              }
              signIns.push({ record, from: act.from, isStored, claimed });
              return void (await loadOf(engine, record, CLIENT));
            }
            case 'rotate': {
              const after = rotated(at(act.session), clock.now());
              if ((await rotateTo(engine, after)).status === 'updated') rotations.push(after);
              return void (await loadOf(engine, after, CLIENT));
            }
            case 'visit':
              return void (await loadOf(engine, at(act.session), CLIENT));
            case 'update':
              return void (await engine.update(at(act.session).handle, {
                expectedVersion: 1,
                data: { next: '/' },
                timestamps: at(act.session),
              }));
            case 'touch':
              return void (await engine.touch(at(act.session).handle, at(act.session)));
            case 'destroy':
              return void (await engine.destroy(at(act.session).handle));
            case 'destroyByUser':
              return void (await engine.destroyByUser(
                idOf(act.user),
                act.except === undefined ? {} : { exceptHandle: at(act.except).handle },
              ));
            case 'changePassword':
              return change(engine, idOf(act.user), true, () => accounts.raiseEpoch(idOf(act.user)));
            case 'makeAdmin':
              return change(engine, idOf(act.user), false, () => accounts.setRole(idOf(act.user), 'admin'));
            case 'purge':
              return void (await engine.purgeExpired(10));
          }
        }

        async function check(): Promise<void> {
          const all = [...before, ...signIns.map(({ record }) => record)];
          const found = await drained(turns, Promise.all(all.map(({ handle }) => there.find(handle))));
          const live = all.filter((_record, index) => found[index]);
          const isLive = (record: SessionRecord): boolean => live.includes(record);
          const did = (kind: Act['kind'], userId: string | null): boolean =>
            plan.some((act) => act.kind === kind && 'user' in act && idOf(act.user) === userId);
          const isDestroyed = (index: number): boolean => plan.some((act) => act.kind === 'destroy' && act.session === index);

          for (const [index, record] of before.entries()) {
            const isEndedWithOthers = plan.some(
              (act) => act.kind === 'destroyByUser' && idOf(act.user) === record.userId && act.except !== index,
            );
            const isEnded = index === 0 || isDestroyed(index) || isEndedWithOthers || did('changePassword', record.userId);
            const isClaimed = signIns.some(({ claimed, from }) => claimed && from === index);
            expect({ index, live: isLive(record) }).toEqual({ index, live: !isEnded && !isClaimed });
            // Only one rotation of a version wins.
            expect(rotations.filter(({ handle }) => handle === record.handle).length).toBeLessThanOrEqual(1);
          }
          for (const { record, from, isStored, claimed } of signIns) {
            // No successor is live either.
            const isEndedWithFirst = claimed && from !== undefined && isDestroyed(from);
            if (!isStored || isEndedWithFirst || did('changePassword', record.userId)) expect(isLive(record)).toBe(false);
            else if (!did('destroyByUser', record.userId)) expect(isLive(record)).toBe(true);
          }
          // Sign-ins from one session leave at most one session, unless that session had ended before the last of them.
          for (let index = 0; index < SESSIONS; index += 1)
            expect(signIns.filter(({ from, claimed }) => from === index && claimed).length).toBeLessThanOrEqual(1);
          for (const [index, record] of all.entries())
            if (found[index] && did('makeAdmin', record.userId)) expect(found[index]?.user?.role).toBe('admin');

          const handles = (records: readonly { handle: string }[]): string[] => records.map(({ handle }) => handle).sort();
          for (const { user: owner } of users) {
            const { sessions: listed } = await drained(turns, here.listByUser(owner.id));
            expect(handles(listed.map(({ record }) => record))).toEqual(handles(live.filter(({ userId }) => userId === owner.id)));
          }
          const listed = (await drained(turns, here.list({ limit: 100 }))).sessions;
          expect(handles(listed.map(({ record }) => record))).toEqual(handles(live));
          expect(await drained(turns, there.count())).toEqual({
            sessions: live.length,
            users: new Set(live.map(({ userId }) => userId)).size,
          });
          let ended = 0;
          for (const { user: owner } of users) ended += await drained(turns, there.destroyByUser(owner.id));
          expect(ended).toBe(live.length);
          await drained(turns, here.destroyAll());
          await nothingLeft();
        }

        function at(index: number): SessionRecord {
          return before[index] as SessionRecord;
        }
        function idOf(index: number): string {
          return (users[index] as TestUser).user.id;
        }
      }
    });

    async function nothingLeft(): Promise<void> {
      const left: string[] = [];
      for await (const keys of raw(connection.commands).scanIterator({ MATCH: '*' })) left.push(...keys);
      // Marks stay for as long as the sessions could be revived. For a user, the state that ends sessions stays, but no
      // copy.
      const others = left.filter((key) => !/^p:(?:\{[\w-]+\}:)?unadoptable/.test(key) && !/^p:\{[\w-]+\}:user$/.test(key));
      expect(others.sort()).toEqual(['p:ages', 'p:shard-key']);
      for (const key of left.filter((name) => name.endsWith(':user')))
        expect(Object.keys(await raw(connection.commands).hGetAll(key)).filter((field) => !['id', 'fl', 'pv'].includes(field))).toEqual([]);
    }
  },
);

async function drained<Result>(turns: Turnstile, work: Promise<Result>): Promise<Result> {
  await turns.drain();
  return work;
}
