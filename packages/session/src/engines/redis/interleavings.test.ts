import * as fc from 'fast-check';
import type { Database } from '@gatehouse/prisma';
import { byTier } from '@gatehouse/prisma/testing/by-tier';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LIFETIMES, type TestUser } from '../../conformance/engine-fixture.ts';
import { newRecord, store } from '../../conformance/records.ts';
import type { Engine, SessionRecord } from '../../engine-port.ts';
import { databaseAccounts } from '../../test-support/database-accounts.ts';
import { raw } from '../../test-support/redis-fixture.ts';
import { REDIS_AVAILABLE, startRedis, type RedisServer } from '../../test-support/redis-server.ts';
import { createTempDatabase, type TempDatabase } from '../../test-support/temp-database.ts';
import { createTestClock } from '../../test-support/test-clock.ts';
import { createTurnstile, type Turnstile } from '../../test-support/turnstile.ts';
import { createCachedDbEngine } from '../cached-db/cached-db.ts';
import { openDbEngine, type DbEngine } from '../db.ts';
import { openRedis, type RedisConnection } from './connection.ts';
import { createRedisEngine } from './redis-engine.ts';

const USERS = 2;
const SESSIONS = 5;
const VISIT = { ip: null, userAgent: null };
const LIVELY = { ...LIFETIMES, activityIntervalMs: 0 };

/** What runs at once; numbers choose among the users, and among the sessions that there were before. */
type Act =
  | { readonly kind: 'signIn'; readonly user: number; readonly replaces: number | undefined }
  | { readonly kind: 'visit' | 'update' | 'touch' | 'destroy' | 'changeId'; readonly session: number }
  | { readonly kind: 'destroyByUser'; readonly user: number; readonly except: number | undefined }
  | { readonly kind: 'changePassword' | 'makeAdmin'; readonly user: number }
  | { readonly kind: 'purge' };

const user = fc.nat(USERS - 1);
const session = fc.nat(SESSIONS - 1);
const maybeSession = fc.option(session, { nil: undefined });

const acts: fc.Arbitrary<Act> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('signIn' as const), user, replaces: maybeSession }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom('visit', 'update', 'touch', 'destroy', 'changeId'), session }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('destroyByUser' as const), user, except: maybeSession }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('changePassword', 'makeAdmin'), user }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('purge' as const) }) },
) as fc.Arbitrary<Act>;

describe.skipIf(!REDIS_AVAILABLE)('semantics 35: whatever runs at once, in whatever order its requests to the storage arrive', () => {
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

  const close = () => Promise.resolve();
  const options = () => ({ database, lifetimes: LIVELY, now: clock.now });
  const redisEngine = (isCluster: boolean, { through }: Pick<Turnstile, 'through'>) => {
    const redis = through(connection.commands);
    const standing = { ...database, prisma: { user: through(database.prisma.user) } as unknown as Database['prisma'] };
    return createRedisEngine({
      ...options(),
      database: standing,
      redis,
      replicated: redis,
      isCluster,
      prefix: 'p:',
      serializer: JSON,
      close,
    });
  };
  const cachedEngine = ({ through }: Turnstile) => {
    const redis = through(connection.commands);
    const db = through(openDbEngine(options()));
    const calls = Object.fromEntries(Object.keys(db).map((name) => [name, db[name as keyof Engine]])) as unknown as DbEngine;
    return Promise.resolve(
      createCachedDbEngine({
        ...options(),
        database: { ...database, prisma: through(database.prisma) },
        db: calls,
        redis,
        replicated: redis,
        prefix: 'p:',
        maxAgeMs: 30_000,
        onConnectionError: undefined,
        close,
      }),
    );
  };

  test.each<[string, (turns: Turnstile) => Promise<Engine>, () => Promise<void>]>([
    ['redis', (turns) => redisEngine(false, turns), nothingLeftInRedis],
    // One server will do: what makes a cluster of it is that indexes are kept beside the records.
    ['redis, as on a cluster', (turns) => redisEngine(true, turns), nothingLeftInRedis],
    ['cached_db', cachedEngine, () => Promise.resolve()],
  ])('%s: what was ended is over, a role is as it was set, and lists, counts and indexes are exact', async (_name, open, nothingLeft) => {
    const order = fc.infiniteStream(fc.nat(1000));
    const anything = fc.array(acts, { minLength: 2, maxLength: 7 });
    await fc.assert(fc.asyncProperty(anything, order, runAtOnce), { numRuns: byTier(8, 40) });
    const changeId: Act = { kind: 'changeId', session: 1 };
    const pairs: Act[][] = [
      [
        { kind: 'signIn', user: 0, replaces: undefined },
        { kind: 'makeAdmin', user: 0 },
      ],
      [changeId, { kind: 'destroy', session: 1 }],
      [changeId, changeId, { kind: 'destroy', session: 1 }],
      [changeId, { kind: 'destroyByUser', user: 1, except: undefined }],
    ];
    for (const pair of pairs) await fc.assert(fc.asyncProperty(fc.constant(pair), order, runAtOnce), { numRuns: byTier(3, 15) });

    async function runAtOnce(plan: readonly Act[], order: fc.Stream<number>): Promise<void> {
      await raw(connection.commands).flushDb();
      await database.prisma.session.deleteMany();
      const turns = createTurnstile(() => order.next().value as number);
      const [here, there] = await drained(turns, Promise.all([open(turns), open(turns)]));
      const accounts = databaseAccounts(database.prisma);
      const users = await Promise.all(Array.from({ length: USERS }, () => accounts.create()));
      const before: SessionRecord[] = [];
      for (let index = 0; index < SESSIONS; index += 1) {
        const owner = users[index % USERS] as TestUser;
        const age = index === 0 ? { customAgeSeconds: 60 } : {};
        before.push(await drained(turns, store({ clock }, here, { user: owner, lifetimes: LIVELY, ...age })));
      }
      // The first is over, and not purged.
      clock.advance(60_000);
      const signIns: { record: SessionRecord; replaces: number | undefined; made: boolean; isNew: boolean }[] = [];
      await drained(turns, Promise.all(plan.map((act, index) => run(act, index % 2 ? here : there))));
      await check();

      async function run(act: Act, engine: Engine): Promise<void> {
        switch (act.kind) {
          case 'signIn': {
            const record = newRecord({ clock }, { user: users[act.user] as TestUser, lifetimes: LIVELY });
            const replaces = act.replaces === undefined ? {} : { replaces: at(act.replaces).key };
            const made = await engine.create(record, replaces);
            signIns.push({ record, replaces: act.replaces, made, isNew: true });
            return void (await engine.load(record.key, VISIT));
          }
          case 'changeId': {
            const { key, userId } = at(act.session);
            const owner = users.find((one) => one.user.id === userId) as TestUser;
            const record = newRecord({ clock }, { user: owner, lifetimes: LIVELY });
            const made = await engine.create(record, { replaces: key, onlyIfLive: true });
            signIns.push({ record, replaces: act.session, made, isNew: false });
            return void (await engine.load(record.key, VISIT));
          }
          case 'visit':
            return void (await engine.load(at(act.session).key, VISIT));
          case 'update':
            return void (await engine.update(at(act.session).key, { expectedVersion: 1, data: { next: '/' }, clocks: at(act.session) }));
          case 'touch':
            return void (await engine.touch(at(act.session).key, at(act.session)));
          case 'destroy':
            return void (await engine.destroy(at(act.session).key));
          case 'destroyByUser':
            return void (await engine.destroyByUser(idOf(act.user), act.except === undefined ? {} : { exceptKey: at(act.except).key }));
          case 'changePassword':
            await turns.pass(() => accounts.raiseEpoch(idOf(act.user)));
            return void (await engine.destroyByUser(idOf(act.user)));
          case 'makeAdmin':
            await turns.pass(() => accounts.setRole(idOf(act.user), 'admin'));
            return engine.userChanged({ ...(users[act.user] as TestUser).user, role: 'admin' });
          case 'purge':
            return void (await engine.purgeExpired(10));
        }
      }

      async function check(): Promise<void> {
        const all = [...before, ...signIns.map(({ record }) => record)];
        const outcomes = await drained(turns, Promise.all(all.map(({ key }) => there.load(key))));
        const live = all.filter((_record, index) => outcomes[index]?.status === 'live');
        const isLive = (record: SessionRecord): boolean => live.includes(record);
        const did = (kind: Act['kind'], userId: string | null): boolean =>
          plan.some((act) => act.kind === kind && 'user' in act && idOf(act.user) === userId);

        const wasEnded = (index: number): boolean =>
          index === 0 ||
          did('changePassword', at(index).userId) ||
          plan.some(
            (act) =>
              (act.kind === 'destroy' && act.session === index) ||
              (act.kind === 'destroyByUser' && idOf(act.user) === at(index).userId && act.except !== index),
          );
        for (const [index, record] of before.entries()) {
          const isEnded = wasEnded(index) || signIns.some(({ made, replaces }) => made && replaces === index);
          expect({ index, live: isLive(record) }).toEqual({ index, live: !isEnded });
          // Nor does it go on under another id, unless that is one of a sign-in that came later.
          const inItsPlace = signIns.filter(({ replaces }) => replaces === index);
          if (wasEnded(index) && !inItsPlace.some(({ isNew }) => isNew)) expect(inItsPlace.filter((one) => isLive(one.record))).toEqual([]);
        }
        for (const { record, replaces, made } of signIns) {
          if (!made || did('changePassword', record.userId)) expect(isLive(record)).toBe(false);
          else if (!did('destroyByUser', record.userId) && replaces === undefined) expect(isLive(record)).toBe(true);
        }
        // Sign-ins of one browser leave one session.
        for (let index = 0; index < SESSIONS; index += 1)
          expect(signIns.filter(({ record, replaces }) => replaces === index && isLive(record)).length).toBeLessThanOrEqual(1);
        for (const [index, record] of all.entries()) {
          const outcome = outcomes[index];
          if (outcome?.status === 'live' && did('makeAdmin', record.userId)) expect(outcome.user?.role).toBe('admin');
        }

        const keys = (records: readonly { key: string }[]): string[] => records.map(({ key }) => key).sort();
        for (const { user: owner } of users) {
          const { sessions: listed } = await drained(turns, here.listByUser(owner.id));
          expect(keys(listed.map(({ record }) => record))).toEqual(keys(live.filter(({ userId }) => userId === owner.id)));
        }
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

  test.each([false, true])(
    'semantics 28: a session that gets another id after its user was looked for, and before it is ended, is ended; on a cluster: %s',
    async (isCluster) => {
      await raw(connection.commands).flushDb();
      const owner = await databaseAccounts(database.prisma).create();
      const engine = await redisEngine(isCluster, { through: (target) => target });
      const { key } = await store({ clock }, engine, { user: owner });
      const after = newRecord({ clock }, { user: owner });
      let isLate = true;
      const revoking = await redisEngine(isCluster, {
        through: (target) =>
          new Proxy(target, {
            get: (_target, name) => {
              const member = Reflect.get(target, name) as (...args: unknown[]) => Promise<unknown>;
              const rotate = async (): Promise<void> => {
                if (!isLate) return;
                isLate = false;
                expect(await engine.create(after, { replaces: key, onlyIfLive: true })).toBe(true);
              };
              // On one server what is found is ended in the same step.
              if (name === 'endUserSessions') return (...args: unknown[]) => rotate().then(() => member(...args));
              if (name !== 'zRange') return member;
              return async (...args: unknown[]) => {
                const found = await member(...args);
                if (JSON.stringify(found).includes(key)) await rotate();
                return found;
              };
            },
          }),
      });
      expect(await revoking.destroyByUser(owner.user.id)).toBe(1);
      expect(isLate).toBe(false);
      expect((await engine.load(after.key)).status).toBe('absent');
      expect(await engine.count()).toEqual({ sessions: 0, users: 0 });
    },
  );

  async function nothingLeftInRedis(): Promise<void> {
    const left: string[] = [];
    for await (const keys of raw(connection.commands).scanIterator({ MATCH: '*' })) left.push(...keys);
    // Marks stay for as long as what they are about could come back.
    expect(left.filter((key) => !/:replaced$|^p:unadoptable:/.test(key))).toEqual(['p:ages']);
  }
});

async function drained<Result>(turns: Turnstile, work: Promise<Result>): Promise<Result> {
  await turns.drain();
  return work;
}
