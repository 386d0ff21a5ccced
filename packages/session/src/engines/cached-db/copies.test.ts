import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { LIFETIMES } from '../../conformance/engine-fixture.ts';
import { loadOf, newHash, rotated, rotateTo, store } from '../../conformance/records.ts';
import type { Engine, SessionRecord } from '../../engine-port.ts';
import { StorageUnavailableError } from '../../errors.ts';
import { freshSecrets } from '../../secrets.ts';
import { cachedDbProcesses, type CachedDbProcesses, type OnCall } from '../../test-support/cached-db-processes.ts';
import { REDIS_AVAILABLE } from '../../test-support/redis-server.ts';

const CLIENT = { ip: null, userAgent: null };
let at: CachedDbProcesses;

interface Change {
  readonly name: string;
  change(engine: Engine, record: SessionRecord): Promise<unknown>;
  /** Outcome of a request with the old cookie afterwards. */
  readonly after: object;
}

const CHANGES: readonly Change[] = [
  { name: 'sign-out', change: (engine, { handle }) => engine.destroy(handle), after: { status: 'absent' } },
  {
    name: 'revocation by its owner',
    change: (engine, { handle, userId }) => engine.destroy(handle, { ofUser: userId ?? '' }),
    after: { status: 'absent' },
  },
  { name: 'revocation of a user', change: (engine, { userId }) => engine.destroyByUser(userId ?? ''), after: { status: 'absent' } },
  { name: 'revoking all', change: (engine) => engine.destroyAll(), after: { status: 'absent' } },
  {
    name: 'a new secret that invalidates the old one',
    change: (engine, record) =>
      engine.update(record.handle, {
        expectedVersion: 1,
        timestamps: record,
        secrets: freshSecrets({ secretHash: newHash(), nowMs: at.clock.now() }),
      }),
    after: { status: 'absent' },
  },
  {
    name: 'a claim',
    change: (engine, { handle }) => engine.claim(handle, { successor: 'ses_successor', expectedVersion: 1 }),
    after: { status: 'claimed', successor: 'ses_successor' },
  },
  {
    name: 'a data change',
    change: (engine, record) => engine.update(record.handle, { expectedVersion: 1, timestamps: record, data: { next: '/new' } }),
    after: { status: 'live', record: { data: { next: '/new' }, version: 2 } },
  },
  {
    name: 'another expiry',
    change: (engine, record) => engine.touch(record.handle, { ...record, customAgeSeconds: 60 }),
    after: { status: 'live', record: { customAgeSeconds: 60 } },
  },
  {
    name: 'a changed role',
    async change(engine, { userId }) {
      const token = await engine.beginUserChange(userId ?? '');
      await at.accounts.setRole(userId ?? '', 'admin');
      await engine.endUserChange(userId ?? '', token);
    },
    after: { status: 'live', user: { role: 'admin' } },
  },
  {
    name: 'a role change that is announced afterwards',
    async change(engine, { userId }) {
      await at.accounts.setRole(userId ?? '', 'admin');
      await engine.userChanged(userId ?? '');
    },
    after: { status: 'live', user: { role: 'admin' } },
  },
];

/** A reader that pauses after it has read the database, until it is released. */
function slowReader() {
  let [hasRead, letGo] = [(): void => undefined, (): void => undefined];
  const read = new Promise<void>((resolve) => (hasRead = resolve));
  const released = new Promise<void>((resolve) => (letGo = resolve));
  const onCall: OnCall = async (name, call, storage) => {
    const answer = await call();
    if (storage === 'database' && name === 'load') {
      hasRead();
      await released;
    }
    return answer;
  };
  return { engine: at.open({ onCall }), read, letGo };
}

describe.skipIf(!REDIS_AVAILABLE)('copies on their own Redis', () => {
  beforeAll(async () => {
    at = await cachedDbProcesses();
  });
  afterAll(() => at.dispose());
  beforeEach(() => at.server.command('FLUSHALL'));

  const signedIn = async (engine: Engine): Promise<SessionRecord> => store(at, engine, { user: await at.accounts.create() });

  test('a second read is served from the copy without a query, also in another process', async () => {
    const [engine, other] = [at.open(), at.open()];
    const record = await signedIn(engine);
    const first = await loadOf(engine, record, CLIENT);
    at.statements.length = 0;
    expect(await loadOf(engine, record, CLIENT)).toEqual(first);
    expect(await loadOf(other, record, CLIENT)).toEqual(first);
    expect(at.statements).toEqual([]);
  });

  test('find reads the database', async () => {
    const engine = at.open();
    const record = await store(at, engine);
    await loadOf(engine, record);
    await at.database.prisma.session.update({ where: { handle: record.handle }, data: { data: '{"by":"hand"}' } });
    expect(await engine.find(record.handle)).toMatchObject({ record: { data: { by: 'hand' } } });
  });

  describe.each(CHANGES)('semantics 40: an old copy is never served after $name', ({ change, after }) => {
    test('nor in another process', async () => {
      const [here, there] = [at.open(), at.open()];
      const record = await signedIn(here);
      for (const engine of [there, here]) expect(await loadOf(engine, record, CLIENT)).toMatchObject({ status: 'live' });
      await change(here, record);
      for (const engine of [there, here, there]) expect(await loadOf(engine, record, CLIENT)).toMatchObject(after);
    });

    // The change consists of calls to Redis and the database. Before each of them another process reads and a slow
    // reader starts. In half of the rounds Redis is emptied first.
    test.each([
      ['', false],
      [', and Redis is emptied at any moment', true],
    ])('while others read%s', async (_title, isEmptied) => {
      let hasMore = true;
      for (let step = 0; hasMore; step += 1) {
        const reader = at.open();
        const slow = slowReader();
        const record = await signedIn(reader);
        await loadOf(reader, record, CLIENT);
        let count = 0;
        let reading: Promise<unknown> | undefined;
        const writer = at.open({
          async onCall(_name, call) {
            if (count++ === step) {
              if (isEmptied) await at.server.command('FLUSHALL');
              // Without the copy it reads the database.
              if (!isEmptied) await at.server.command('DEL', `{copies:cache}:c:${record.handle}`);
              reading = loadOf(slow.engine, record, CLIENT);
              await Promise.race([slow.read, reading]);
              await loadOf(reader, record, CLIENT);
            }
            return call();
          },
        });
        await change(writer, record);
        slow.letGo();
        await reading;
        hasMore = count > step;
        expect(reading !== undefined).toBe(hasMore);
        expect([step, await loadOf(reader, record, CLIENT)]).toMatchObject([step, after]);
        expect([step, await loadOf(reader, record, CLIENT)]).toMatchObject([step, after]);
        if (step === 0) expect(hasMore).toBe(true);
      }
    });
  });

  test('while an account changes, its sessions are read from the database, and afterwards from copies again', async () => {
    const [engine, other] = [at.open(), at.open()];
    const record = await signedIn(engine);
    const userId = record.userId ?? '';
    await loadOf(engine, record);
    const tokens = [await other.beginUserChange(userId), await other.beginUserChange(userId)] as const;
    const isRead = async (): Promise<boolean> => {
      at.statements.length = 0;
      await loadOf(engine, record);
      return at.statements.length > 0;
    };
    expect([await isRead(), await isRead()]).toEqual([true, true]);
    await other.endUserChange(userId, tokens[0]);
    expect([await isRead(), await isRead()]).toEqual([true, true]);
    await other.endUserChange(userId, tokens[1]);
    expect([await isRead(), await isRead()]).toEqual([true, false]);
  });

  test('after a user’s other sessions, or all, have ended, copies are stored again', async () => {
    const engine = at.open();
    const kept = await signedIn(engine);
    for (const end of [() => engine.destroyByUser(kept.userId ?? '', { exceptHandle: kept.handle }), () => engine.destroyAll()]) {
      await end();
      const record = (await engine.find(kept.handle))?.record ?? (await signedIn(engine));
      await loadOf(engine, record);
      at.statements.length = 0;
      expect(await loadOf(engine, record)).toMatchObject({ status: 'live' });
      expect(at.statements).toEqual([]);
    }
  });

  test('a change of a user keeps other users’ copies', async () => {
    const engine = at.open();
    const [one, other] = [await signedIn(engine), await signedIn(engine)];
    for (const record of [one, other]) await loadOf(engine, record);
    await engine.userChanged(one.userId ?? '');
    at.statements.length = 0;
    expect(await loadOf(engine, other)).toMatchObject({ status: 'live' });
    expect(at.statements).toEqual([]);
  });

  test('an abandoned mark expires after a minute', async () => {
    const engine = at.open();
    const record = await signedIn(engine);
    await engine.beginUserChange(record.userId ?? '');
    await engine.destroy(record.handle);
    for (const name of [`h:${record.userId}`, `c:${record.handle}`]) {
      const ttl = Number(await at.server.command('PTTL', `{copies:cache}:${name}`));
      expect(ttl).toBeGreaterThan(50_000);
      expect(ttl).toBeLessThanOrEqual(60_000);
    }
  });

  test('the first use of a new secret reads the database, which records it, even if there is an older copy', async () => {
    const engine = at.open();
    const before = await store(at, engine);
    const after = rotated(before, at.clock.now());
    expect(await rotateTo(engine, after)).toEqual({ status: 'updated' });
    expect(await loadOf(engine, before)).toMatchObject({ secret: 'previous', record: { presentedAtMs: null } });
    expect(await loadOf(engine, after)).toMatchObject({ secret: 'current', record: { presentedAtMs: at.clock.now() } });
    expect(await engine.find(after.handle)).toMatchObject({ record: { presentedAtMs: at.clock.now() } });
  });

  test('if the database is unavailable, a copy is served even if a write is due, and nothing else is', async () => {
    const engine = at.open();
    const [record, other] = [await signedIn(engine), await signedIn(engine)];
    await loadOf(engine, record);
    const cut = at.open({
      onCall: (_name, call, storage) => (storage === 'database' ? Promise.reject(new StorageUnavailableError('unavailable')) : call()),
    });
    at.clock.advance(LIFETIMES.activityIntervalMs);
    expect(await loadOf(cut, record, CLIENT)).toMatchObject({ status: 'live', slid: false });
    await expect(loadOf(cut, other, CLIENT)).rejects.toThrow(StorageUnavailableError);
    await expect(cut.load(record.handle, { secretHash: newHash() })).rejects.toThrow(StorageUnavailableError);
    expect(await loadOf(engine, record, CLIENT)).toMatchObject({ status: 'live', slid: true });
  });

  test('a wrong secret gets no copy and removes none', async () => {
    const engine = at.open();
    const record = await store(at, engine);
    await loadOf(engine, record);
    expect(await engine.load(record.handle, { secretHash: newHash() })).toEqual({ status: 'absent' });
    expect(await loadOf(engine, record)).toMatchObject({ status: 'live' });
  });

  test('semantics 40: a row that is deleted by hand disappears within the maximum age', async () => {
    const engine = at.open({ maxAgeMs: 50 });
    const record = await store(at, engine);
    await loadOf(engine, record);
    await at.database.prisma.session.deleteMany({ where: { handle: record.handle } });
    await expect.poll(async () => (await loadOf(engine, record)).status, { interval: 10 }).toBe('absent');
  });

  test.each([
    ['r', '{'],
    ['r', 'null'],
    ['r', '{"handle":"other"}'],
    ['n', '{"half'],
    ['e', 'another era'],
    ['g', 'another generation'],
  ])('an invalid copy is ignored: %s is %s', async (field, value) => {
    const engine = at.open();
    const record = await signedIn(engine);
    await loadOf(engine, record);
    await at.server.command('HSET', `{copies:cache}:c:${record.handle}`, field, value);
    at.statements.length = 0;
    expect(await loadOf(engine, record)).toMatchObject({ status: 'live', user: { id: record.userId } });
    expect(at.statements).not.toEqual([]);
  });
});
