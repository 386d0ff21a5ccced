import { DATABASES, SQLITE, type TestDatabase } from '@gatehouse/prisma/testing';
import type { Database } from '@gatehouse/prisma';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { LIFETIMES, type TestAccounts } from '../conformance/engine-fixture.ts';
import { loadOf, newHash, rotated, rotateTo, signInFrom, store } from '../conformance/records.ts';
import type { Engine, SessionRecord } from '../engine-port.ts';
import { openEngine } from '../registry.ts';
import { databaseAccounts } from '../test-support/database-accounts.ts';
import { REDIS_AVAILABLE, startRedis, type RedisServer } from '../test-support/redis-server.ts';
import { createTempDatabase, type TempDatabase } from '../test-support/temp-database.ts';
import { createTestClock } from '../test-support/test-clock.ts';
import { NewerFormatError, RECORD_FORMAT } from '../engines/record-format.ts';
import { CopyRunningError, copySessions, EmptySourceError, type CopyOptions } from './copy-sessions.ts';
import { openCopyStorage, type CopyableEngine } from './open-copy-storage.ts';

const NOTHING = { copied: 0, updated: 0, unchanged: 0, newer: 0, ended: 0, removed: 0, refused: 0, references: 0 };
const DAY = 86_400_000;
const CLIENT = { ip: '192.0.2.1', userAgent: 'Test' };

const PAIRS: readonly (readonly [from: CopyableEngine, to: CopyableEngine])[] = [
  ['db', 'redis'],
  ['redis', 'db'],
];
/** The rows of `cached_db` are those of `db`, so one database is enough for its copies. */
const CACHED_PAIRS: typeof PAIRS = [
  ['cached_db', 'redis'],
  ['redis', 'cached_db'],
];

describe.each(DATABASES)('$name', (on: TestDatabase) => {
  describe.skipIf(!on.available || !REDIS_AVAILABLE).each([...PAIRS, ...(on === SQLITE ? CACHED_PAIRS : [])])(
    'from %s to %s',
    (from, to) => {
      let redis: RedisServer;
      let storage: TempDatabase;
      let database: Database;
      let accounts: TestAccounts;
      const clock = createTestClock();
      const fixture = { clock };

      beforeAll(async () => {
        [redis, storage] = await Promise.all([startRedis(), createTempDatabase(on)]);
        database = await storage.connect();
        accounts = databaseAccounts(database.prisma);
      });
      beforeEach(async () => {
        await Promise.all([database.prisma.session.deleteMany(), database.prisma.lease.deleteMany(), redis.command('FLUSHALL')]);
      });
      afterAll(async () => {
        await storage.dispose();
        await redis.stop();
      });

      const options = () => ({ database, redisUrl: redis.url, lifetimes: LIFETIMES, now: clock.now });

      async function open(name: CopyableEngine): Promise<Engine> {
        const engine = await openEngine(name, options());
        onTestFinished(() => engine.close());
        return engine;
      }

      /** One run of `gatehouse sessions copy`. */
      async function copy({ reverse = false, ...rest }: Partial<CopyOptions> & { reverse?: boolean } = {}) {
        const [source, target] = await Promise.all((reverse ? [to, from] : [from, to]).map((name) => openCopyStorage(name, options())));
        try {
          return await copySessions({ source: source!, target: target!, lifetimes: LIFETIMES, now: clock.now, ...rest });
        } finally {
          await Promise.all([source?.close(), target?.close()]);
        }
      }

      async function openStorages() {
        const storages = await Promise.all([openCopyStorage(from, options()), openCopyStorage(to, options())]);
        onTestFinished(() => Promise.all(storages.map((one) => one.close())).then(() => undefined));
        return storages;
      }

      /** Stores the format, and the data if given, as another version would. */
      async function setFormat(name: CopyableEngine, handle: string, recordFormat: number, data?: string): Promise<void> {
        if (name !== 'redis')
          return void (await database.prisma.session.update({
            where: { handle },
            data: { recordFormat, ...(data !== undefined && { data }) },
          }));
        const [key = ''] = (await redis.command('KEYS', `*:s:${handle}`)) as string[];
        await redis.command('HSET', key, 'fv', String(recordFormat), ...(data === undefined ? [] : ['d', data]));
      }

      /** What the cookie of this record opens. */
      async function opened(engine: Engine, record: SessionRecord) {
        const outcome = await loadOf(engine, record);
        return outcome.status === 'live' ? { secret: outcome.secret, ...outcome.record } : outcome.status;
      }

      /** In Redis it may have another handle. */
      const withoutHandle = (record: SessionRecord) => ({ ...record, handle: expect.stringMatching(/^ses_/) as string });

      test('cookies of users and visitors open the same sessions there, with their data, times and versions', async () => {
        const [source, target] = [await open(from), await open(to)];
        const user = await accounts.create();
        const own = await store(fixture, source, { user, data: { userId: user.user.id, cart: ['a', 1] }, customAgeSeconds: 0 });
        const other = await store(fixture, source, { user });
        const anonymous = await store(fixture, source, { data: { next: '/' }, fixedExpiryMs: clock.now() + 3_600_000 });
        await store(fixture, source, { createdAtMs: clock.now() - 91 * DAY });

        expect(await copy()).toEqual({ ...NOTHING, copied: 3 });
        for (const record of [own, other, anonymous])
          expect(await opened(target, record)).toMatchObject({ secret: 'current', ...withoutHandle(record) });
        expect(await opened(target, anonymous)).toMatchObject({ handle: anonymous.handle });
        expect(await opened(target, { ...own, secretHash: newHash() })).toBe('absent');
        expect(await target.count()).toEqual({ sessions: 3, users: 1 });
        const { sessions } = await target.listByUser(user.user.id);
        expect(sessions.map(({ record, user: found }) => [record.data, found?.id])).toEqual(
          expect.arrayContaining([[own.data, user.user.id]]) as unknown,
        );
        expect(sessions).toHaveLength(2);
        expect(await target.destroyByUser(user.user.id)).toBe(2);
        for (const record of [own, other]) expect(await opened(target, record)).toBe('absent');
      });

      test('the previous secret stays valid as long as it would have been', async () => {
        const [source, target] = [await open(from), await open(to)];
        const before = await store(fixture, source, { user: await accounts.create() });
        const after = rotated(before, clock.now());
        await rotateTo(source, after);
        await copy();
        expect(await opened(target, before)).toMatchObject({ secret: 'previous' });
        expect(await opened(target, after)).toMatchObject({ secret: 'current' });
        clock.advance(5001);
        expect(await opened(target, before)).toBe('absent');
        expect(await opened(target, after)).toMatchObject({ secret: 'current' });
      });

      test('a second copy stores what is new or changed in the source, and ends what has ended there', async () => {
        const [source, target] = [await open(from), await open(to)];
        const user = await accounts.create();
        const [kept, changed, ended] = [
          await store(fixture, source, { user }),
          await store(fixture, source, { user }),
          await store(fixture, source, { user }),
        ];
        expect(await copy()).toEqual({ ...NOTHING, copied: 3 });
        expect(await copy()).toEqual({ ...NOTHING, unchanged: 3 });

        clock.advance(60_000);
        await source.update(changed.handle, { expectedVersion: 1, timestamps: changed, data: { theme: 'dark' } });
        const after = rotated({ ...changed, version: 2 }, clock.now());
        await rotateTo(source, after);
        await source.destroy(ended.handle);
        const added = await store(fixture, source, { user });

        expect(await copy()).toEqual({ ...NOTHING, unchanged: 1, updated: 1, removed: 1, copied: 1 });
        expect(await opened(target, after)).toMatchObject({ secret: 'current', version: 3, data: { theme: 'dark' } });
        expect(await opened(target, ended)).toBe('absent');
        for (const record of [kept, added]) expect(await opened(target, record)).toMatchObject({ secret: 'current' });
        expect(await target.count()).toEqual({ sessions: 3, users: 1 });
        expect(await copy()).toEqual({ ...NOTHING, unchanged: 3 });
      });

      test('a session that was used or has ended in the target is never overwritten and never comes back', async () => {
        const [source, target] = [await open(from), await open(to)];
        const user = await accounts.create();
        const [used, ended, idle] = [
          await store(fixture, source, { user }),
          await store(fixture, source, { user }),
          await store(fixture, source, { user }),
        ];
        await copy();
        clock.advance(120_000);
        const slid = await loadOf(target, used, CLIENT);
        expect(await target.destroy(ended.handle)).toBe(true);
        // As if servers still used both.
        clock.advance(1000);
        for (const record of [used, ended]) await loadOf(source, record, CLIENT);

        expect(await copy()).toEqual({ ...NOTHING, unchanged: 1, newer: 1, ended: 1 });
        expect(await opened(target, ended)).toBe('absent');
        expect(await opened(target, used)).toMatchObject({
          lastActivityAtMs: slid.status === 'live' ? slid.record.lastActivityAtMs : undefined,
        });
        // What has ended in the source is not ended in the target, where it was used since.
        await source.destroy(used.handle);
        await source.destroy(idle.handle);
        expect(await copy({ allowEmptySource: true })).toMatchObject({ removed: 1 });
        expect(await opened(target, used)).toMatchObject({ secret: 'current' });
        expect(await opened(target, idle)).toBe('absent');
      });

      test('a copy that has expired while the session was used in the source is stored again', async () => {
        const [source, target] = [await open(from), await open(to)];
        const record = await store(fixture, source, { user: await accounts.create() });
        await copy();
        clock.advance(10 * DAY);
        expect(await loadOf(source, record, CLIENT)).toMatchObject({ status: 'live', slid: true });
        clock.advance(5 * DAY);
        expect(await target.purgeExpired(10)).toBeGreaterThan(0);
        expect(await copy()).toEqual({ ...NOTHING, copied: 1 });
        expect(await opened(target, record)).toMatchObject({ secret: 'current' });
      });

      test('a newer password or a suspension ends the copies too', async () => {
        const [source, target] = [await open(from), await open(to)];
        const [ada, bob] = [await accounts.create(), await accounts.create()];
        const records = [await store(fixture, source, { user: ada }), await store(fixture, source, { user: bob })];
        await copy();
        await accounts.raiseEpoch(ada.user.id);
        await accounts.suspend(bob.user.id);
        for (const record of records) expect(await opened(target, record)).toBe('absent');
        await copy({ allowEmptySource: true });
        for (const record of records) expect(await opened(target, record)).toBe('absent');
      });

      test('a claimed session leads to its successor there too, so a sign-out with the old cookie ends that', async () => {
        const [source, target] = [await open(from), await open(to)];
        const visitor = await store(fixture, source);
        const signedIn = await signInFrom(fixture, source, visitor, { user: await accounts.create() });
        expect(await copy()).toEqual({ ...NOTHING, copied: 1, references: 1 });
        expect(await opened(target, visitor)).toBe('claimed');
        expect(await opened(target, signedIn)).toMatchObject({ secret: 'current' });
        expect(await target.count()).toEqual({ sessions: 1, users: 1 });
        expect(await target.destroy(visitor.handle)).toBe(true);
        expect(await opened(target, signedIn)).toBe('absent');
        expect(await copy()).toMatchObject({ copied: 0 });
      });

      test('an expired claimed session does not end its successor', async () => {
        const [source, target] = [await open(from), await open(to)];
        const visitor = await store(fixture, source, { fixedExpiryMs: clock.now() + 1000 });
        const signedIn = await signInFrom(fixture, source, visitor, { user: await accounts.create() });
        await copy();
        clock.advance(2000);
        await source.purgeExpired(10);
        await copy();
        expect(await opened(target, signedIn)).toMatchObject({ secret: 'current' });
      });

      test('the last copy empties the source, so that copying back cannot bring old sessions back; the first cookies still work', async () => {
        const [source, target] = [await open(from), await open(to)];
        const user = await accounts.create();
        const [kept, ended, anonymous] = [
          await store(fixture, source, { user }),
          await store(fixture, source, { user }),
          await store(fixture, source),
        ];
        const visitor = await store(fixture, source);
        const signedIn = await signInFrom(fixture, source, visitor, { user });
        expect(await copy({ move: true })).toEqual({ ...NOTHING, copied: 4, references: 1 });
        expect(await source.count()).toEqual({ sessions: 0, users: 0 });
        expect(await copy()).toEqual(NOTHING);
        expect(await target.count()).toEqual({ sessions: 4, users: 1 });
        expect(await target.destroy(ended.handle)).toBe(true);

        await copy({ reverse: true, move: true });
        expect(await target.count()).toEqual({ sessions: 0, users: 0 });
        expect(await source.count()).toEqual({ sessions: 3, users: 1 });
        for (const record of [kept, anonymous, signedIn]) expect(await opened(source, record)).toMatchObject({ secret: 'current' });
        expect(await opened(source, ended)).toBe('absent');

        await copy({ move: true });
        for (const record of [kept, anonymous, signedIn]) expect(await opened(target, record)).toMatchObject({ secret: 'current' });
        expect(await target.count()).toEqual({ sessions: 3, users: 1 });
        expect(await target.destroy(visitor.handle)).toBe(true);
        expect(await opened(target, signedIn)).toBe('absent');
      });

      test('a cookie of a handle from before the copy still signs out, and stays valid while the session slides', async () => {
        const [source, target] = [await open(from), await open(to)];
        const record = await store(fixture, source, { user: await accounts.create() });
        await copy({ move: true });
        for (let day = 0; day < 30; day += 10) {
          clock.advance(10 * DAY);
          expect(await loadOf(target, record, CLIENT)).toMatchObject({ status: 'live', slid: true });
        }
        expect(await target.destroy(record.handle)).toBe(true);
        expect(await opened(target, record)).toBe('absent');
        expect(await target.count()).toEqual({ sessions: 0, users: 0 });
      });

      test('an interrupted copy is completed by the next one', async () => {
        const [source, target] = [await open(from), await open(to)];
        const user = await accounts.create();
        const records = [await store(fixture, source, { user }), await store(fixture, source)];
        await copy();
        // As if the process was killed before it could write the journal, and the session was used in the source since.
        const storageOfTarget = await openCopyStorage(to, options());
        onTestFinished(() => storageOfTarget.close());
        await storageOfTarget.journal.clear();
        clock.advance(60_000);
        await loadOf(source, records[0]!, CLIENT);
        expect(await copy()).toEqual({ ...NOTHING, copied: 1, updated: 1 });
        expect(await copy()).toEqual({ ...NOTHING, unchanged: 2 });
        expect(await target.count()).toEqual({ sessions: 2, users: 1 });
      });

      test('what a newer version has stored is neither copied nor overwritten, in either storage', async () => {
        const [source, target] = [await open(from), await open(to)];
        const user = await accounts.create();
        const records = [await store(fixture, source, { user }), await store(fixture, source)];
        await copy();
        await setFormat(from, records[0]!.handle, RECORD_FORMAT + 1);
        await source.destroy(records[1]!.handle);
        await expect(copy({ move: true })).rejects.toThrow(NewerFormatError);
        expect(await opened(target, records[1]!)).toMatchObject({ secret: 'current' });
        await setFormat(from, records[0]!.handle, RECORD_FORMAT);
        const { sessions } = await target.listByUser(user.user.id);
        await setFormat(to, sessions[0]!.record.handle, RECORD_FORMAT + 1);
        await expect(copy()).rejects.toThrow(`in format ${RECORD_FORMAT + 1}. This version reads format ${RECORD_FORMAT}`);
        await setFormat(to, sessions[0]!.record.handle, RECORD_FORMAT);
        expect(await copy()).toEqual({ ...NOTHING, unchanged: 1, removed: 1 });
      });

      test('a newer version’s session whose data this version cannot read is not left behind silently', async () => {
        const source = await open(from);
        const record = await store(fixture, source, { user: await accounts.create() });
        await setFormat(from, record.handle, RECORD_FORMAT + 1, 'packed');
        await expect(copy({ move: true })).rejects.toThrow(NewerFormatError);
        await setFormat(from, record.handle, RECORD_FORMAT, '{}');
        expect(await copy({ move: true })).toEqual({ ...NOTHING, copied: 1 });
      });

      test('of two copies to one storage at the same time, one runs; a killed one blocks the next for a minute', async () => {
        await store(fixture, await open(from), { user: await accounts.create() });
        const [source, target] = await openStorages();
        const create: typeof target.create = async (sessions) => {
          await expect(copy()).rejects.toThrow(CopyRunningError);
          return target.create(sessions);
        };
        const slow = { source, target: { ...target, create }, lifetimes: LIFETIMES, now: clock.now };
        expect(await copySessions(slow)).toEqual({ ...NOTHING, copied: 1 });
        await target.engine.lease({ name: 'copy', owner: 'killed', forMs: 60_000 });
        await expect(copy()).rejects.toThrow(CopyRunningError);
        clock.advance(60_001);
        expect(await copy()).toEqual({ ...NOTHING, unchanged: 1 });
      });

      test.each(['remove', 'clear'] as const)(
        'a move that was interrupted at %s is completed by the next one, and nobody is signed out',
        async (at) => {
          const [from1, to1] = [await open(from), await open(to)];
          const records: SessionRecord[] = [];
          for (let count = 0; count < 6; count += 1) records.push(await store(fixture, from1, { user: await accounts.create() }));
          const [source, target] = await openStorages();
          let removals = 0;
          const remove: typeof source.remove = async (sessions) => {
            removals += 1;
            if (at === 'remove' && removals === 2) throw new Error('killed');
            await source.remove(sessions);
          };
          const clear = () => (at === 'clear' ? Promise.reject(new Error('killed')) : target.journal.clear());
          const killed = { source: { ...source, remove }, target: { ...target, journal: { ...target.journal, clear } } };
          await expect(copySessions({ ...killed, lifetimes: LIFETIMES, now: clock.now, pageSize: 3, move: true })).rejects.toThrow(
            'killed',
          );
          expect(await copy({ move: true, pageSize: 3 })).toMatchObject({ removed: 0 });
          for (const record of records) expect(await opened(to1, record)).toMatchObject({ secret: 'current' });
          expect(await from1.count()).toEqual({ sessions: 0, users: 0 });
          expect(await copy()).toEqual(NOTHING);
        },
      );

      test('a session that is claimed in the target while it is being updated there stays claimed', async () => {
        const [from1, to1] = [await open(from), await open(to)];
        const visitor = await store(fixture, from1);
        await copy();
        await from1.update(visitor.handle, { expectedVersion: 1, timestamps: visitor, data: { changed: 1 } });
        const [source, target] = await openStorages();
        const user = await accounts.create();
        let signedIn: SessionRecord | undefined;
        const read: typeof target.read = async (handles) => {
          const found = await target.read(handles);
          signedIn ??= await signInFrom(fixture, to1, visitor, { user });
          return found;
        };
        const counts = await copySessions({ source, target: { ...target, read }, lifetimes: LIFETIMES, now: clock.now });
        expect(counts).toMatchObject({ updated: 0, newer: 1 });
        expect(await opened(to1, visitor)).toBe('claimed');
        expect(await opened(to1, signedIn!)).toMatchObject({ secret: 'current' });
      });

      test('a session that a newer version stores during the copy is not copied in an older format', async () => {
        const from1 = await open(from);
        const record = await store(fixture, from1);
        const [source, target] = await openStorages();
        const purge = async (): Promise<void> => {
          // After the first look at all sessions.
          await setFormat(from, record.handle, RECORD_FORMAT + 1);
          await target.journal.purge();
        };
        const late = { source, target: { ...target, journal: { ...target.journal, purge } }, lifetimes: LIFETIMES, now: clock.now };
        await expect(copySessions(late)).rejects.toThrow(NewerFormatError);
        expect(await target.engine.count()).toEqual({ sessions: 0, users: 0 });
        await setFormat(from, record.handle, RECORD_FORMAT);
      });

      test('an empty source ends nothing unless that is allowed', async () => {
        const [source, target] = [await open(from), await open(to)];
        const record = await store(fixture, source, { user: await accounts.create() });
        await copy();
        await source.destroyAll();
        await expect(copy()).rejects.toThrow(EmptySourceError);
        expect(await opened(target, record)).toMatchObject({ secret: 'current' });
        expect(await copy({ allowEmptySource: true })).toEqual({ ...NOTHING, removed: 1 });
        expect(await opened(target, record)).toBe('absent');
      });

      test('more sessions than a page are all copied, and progress is reported', async () => {
        const source = await open(from);
        const users = await Promise.all([accounts.create(), accounts.create()]);
        for (let index = 0; index < 11; index += 1) await store(fixture, source, { user: users[index % 3] });
        const progress: number[] = [];
        expect(await copy({ pageSize: 5, onProgress: (read) => progress.push(read) })).toEqual({ ...NOTHING, copied: 11 });
        expect(progress).toEqual([5, 10, 11]);
        expect(await copy()).toEqual({ ...NOTHING, unchanged: 11 });
      });
    },
  );
});
