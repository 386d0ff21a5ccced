import type { Database } from '@gatehouse/prisma';
import { hasPgbouncer, POSTGRESQL, startPgbouncer, temporaryDatabase } from '@gatehouse/prisma/testing';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { LIFETIMES } from '../../conformance/engine-fixture.ts';
import { signInFrom, store } from '../../conformance/records.ts';
import type { ChangeHint } from '../../engine-port.ts';
import { createSessionFeed, type LiveEvent } from '../../live/session-feed.ts';
import { databaseAccounts } from '../../test-support/database-accounts.ts';
import { createTestClock } from '../../test-support/test-clock.ts';
import { openDbEngine } from './db-engine.ts';
import { dbChanges } from './notifications.ts';

const WITHIN = { timeout: 30_000, interval: 10 };
/** For tests that wait for many heartbeats. */
const BEAT_MS = 20;
/** An hour, so that what a test sees was told by a notification. */
const NEVER_POLLS = { pollMs: 3_600_000, minPollMs: 3_600_000, recheckMs: 3_600_000, unconfirmedMs: 7_200_000 };

const clock = createTestClock();
const engineOn = (database: Database) => openDbEngine({ database, lifetimes: LIFETIMES, now: clock.now });

/** Raw SQL, as another program runs it. */
const run = ({ prisma }: Database, sql: string): Promise<number> => prisma.$executeRaw(Object.assign([sql], { raw: [sql] }));

const endListeners = (database: Database): Promise<number> =>
  run(
    database,
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%gatehouse_changes%'`,
  );

/** What a listener is told. On a busy machine a heartbeat may be late, so it may count as disconnected for a moment. */
function listen({ prisma, listen: by }: Pick<Database, 'prisma' | 'listen'>, beatMs?: number) {
  const hints: ChangeHint[] = [];
  const connections: boolean[] = [];
  const subscription = dbChanges({ provider: 'postgresql', prisma, listen: by }, beatMs)?.subscribe?.({
    onHint: (hint) => void hints.push(hint),
    onConnected: (isConnected) => void connections.push(isConnected),
  });
  onTestFinished(async () => subscription?.close());
  return { hints, connections };
}

describe.skipIf(!POSTGRESQL.available)('notifications of PostgreSQL', () => {
  test('each change of a session or account reaches another process, without polling', async () => {
    const [here, there] = await twoConnections();
    const engine = engineOn(there);
    const accounts = databaseAccounts(there.prisma);
    const [ada, bob] = [await accounts.create(), await accounts.create()];
    const make = (user = ada) => store({ clock }, engine, { user });
    const [ended, claimed, other, removed, bobs] = [await make(), await make(), await make(), await make(), await make(bob)];
    const seen = await watch(here, [ended, claimed, other, removed, bobs]);

    await engine.destroy(ended.handle);
    await said(seen[0], { kind: 'ended', reason: 'SESSION_ENDED' });
    await said(seen[2], { kind: 'sessions' });
    await signInFrom({ clock }, engine, claimed, { user: bob });
    await said(seen[1], { kind: 'ended' });
    await said(seen[4], { kind: 'sessions' });
    // As the engine with a cache does it.
    await engine.destroyOne(removed.handle, null);
    await said(seen[3], { kind: 'ended' });
    // Accounts are told by a trigger, so also what another program changes.
    await accounts.rename(ada.user.id, 'Ada King');
    await said(seen[2], { kind: 'user', user: { ...ada.user, name: 'Ada King' } });
    await accounts.suspend(bob.user.id);
    await said(seen[4], { kind: 'ended' });
    await engine.destroyByUser(ada.user.id);
    await said(seen[2], { kind: 'ended' });
  });

  test('activity, data and a change of an account that is rolled back are not told', async () => {
    const [here, there] = await twoConnections();
    const engine = engineOn(there);
    const ada = await databaseAccounts(there.prisma).create();
    const session = await store({ clock }, engine, { user: ada });
    const { hints, connections } = listen(here);
    await vi.waitFor(() => expect(connections).toContain(true), WITHIN);
    await engine.touch(session.handle, session);
    await engine.update(session.handle, { expectedVersion: session.version, timestamps: session, data: { cart: 1 } });
    await there.prisma.user.update({ where: { id: ada.user.id }, data: { lastSignInMs: 5n } });
    await expect(
      there.prisma.$transaction(async (tx) => {
        await tx.user.update({ where: { id: ada.user.id }, data: { name: 'Ada King' } });
        throw new Error('rolled back');
      }),
    ).rejects.toThrow('rolled back');
    await engine.destroy(session.handle);
    await vi.waitFor(() => expect(hints).toContainEqual({ userId: ada.user.id }), WITHIN);
    expect(hints).toEqual([{ handle: session.handle }, { userId: ada.user.id }]);
  });

  test('ids that are too long for a message do not fail the change', async () => {
    const { prisma } = await temporaryDatabase({ on: POSTGRESQL });
    const long = 'ä'.repeat(9000);
    const data = { id: long, username: 'a', usernameKey: 'a', email: 'a', emailKey: 'a', name: 'A', passwordHash: '' };
    // The index has a limit, too, but the text is compressed.
    await prisma.user.create({ data });
    expect(await prisma.user.updateMany({ data: { name: 'B' } })).toEqual({ count: 1 });
  });

  test('a listener whose connection is killed asks until it listens again, and is told of what it missed', async () => {
    const [here, there] = await twoConnections();
    const { connections, hints } = listen(here);
    await vi.waitFor(() => expect(connections).toContain(true), WITHIN);
    connections.length = 0;
    await endListeners(there);
    await vi.waitFor(() => expect(connections).toContain(false), WITHIN);
    await vi.waitFor(() => expect(connections.at(-1)).toBe(true), WITHIN);
    const session = await store({ clock }, engineOn(there), { user: await databaseAccounts(there.prisma).create() });
    await vi.waitFor(() => expect(hints).toContainEqual({ userId: session.userId }), WITHIN);

    const watched = await watch(here, [session]);
    await endListeners(there);
    await engineOn(there).destroy(session.handle);
    await said(watched[0], { kind: 'ended', reason: 'SESSION_ENDED' });
  });

  test('a server that refuses the connection is asked again, less and less often', async () => {
    const { prisma, listen: real } = await temporaryDatabase({ on: POSTGRESQL });
    let refusals = 6;
    const attempts: number[] = [];
    const refusing: NonNullable<Database['listen']> = async (channel, listener) => {
      attempts.push(performance.now());
      if ((refusals -= 1) >= 0) throw new Error('too many connections');
      return (await real?.(channel, listener)) ?? (async () => undefined);
    };
    const { connections } = listen({ prisma, listen: refusing }, BEAT_MS);
    await vi.waitFor(() => expect(connections).toContain(true), WITHIN);
    // 16 heartbeats. Timers may be late, and then the next one may be early.
    expect((attempts[6] ?? 0) - (attempts[5] ?? 0)).toBeGreaterThan(8 * BEAT_MS);
  });

  test('a pooler that was not noticed and drops notifications does not count as connected', async () => {
    const { prisma } = await temporaryDatabase({ on: POSTGRESQL });
    const stop = vi.fn(async () => undefined);
    const { connections } = listen({ prisma, listen: async () => stop }, BEAT_MS);
    // It is given up, and tried again.
    await vi.waitFor(() => expect(stop).toHaveBeenCalledTimes(2), WITHIN);
    expect(connections).toEqual([]);
  });

  test('without the trigger, sessions are polled', async () => {
    const database = await temporaryDatabase({ on: POSTGRESQL });
    await run(database, 'ALTER TABLE gatehouse_user DISABLE TRIGGER gatehouse_user_changed');
    const listening = vi.fn<NonNullable<Database['listen']>>(async () => async () => undefined);
    const asked = vi.spyOn(database.prisma, '$queryRaw');
    const { connections } = listen({ prisma: database.prisma, listen: listening }, BEAT_MS);
    await vi.waitFor(() => expect(asked.mock.calls.length).toBeGreaterThan(2), WITHIN);
    expect([listening.mock.calls, connections]).toEqual([[], []]);
    await run(database, 'ALTER TABLE gatehouse_user ENABLE TRIGGER gatehouse_user_changed');
    await vi.waitFor(() => expect(listening).toHaveBeenCalled(), WITHIN);
  });

  test('what cannot be sent is followed by a check of everything', async () => {
    const [here, there] = await twoConnections();
    const { hints, connections } = listen(here);
    await vi.waitFor(() => expect(connections).toContain(true), WITHIN);
    const changes = dbChanges({ ...there, listen: undefined });
    const failing = vi.spyOn(there.prisma, '$executeRaw').mockRejectedValueOnce(new Error('no connection is free'));
    changes?.tell({ handle: 'ses_lost' });
    await changes?.settle();
    expect(failing).toHaveBeenCalled();
    await vi.waitFor(() => expect(hints).toEqual(['anything']), WITHIN);
    changes?.tell(...Array.from({ length: 500 }, (_, n) => ({ userId: `user ${n}` })), { handle: 'ses_last' });
    await changes?.settle();
    await vi.waitFor(() => expect(hints).toEqual(['anything', 'anything']), WITHIN);
  });

  test.skipIf(!hasPgbouncer())('a process behind pgbouncer polls, and tells the others', async () => {
    const direct = await temporaryDatabase({ on: POSTGRESQL });
    const pgbouncer = await startPgbouncer(direct.url);
    onTestFinished(() => pgbouncer.stop());
    const pooled = await temporaryDatabase({ on: POSTGRESQL, url: pgbouncer.through(direct.url), migrated: false });
    const engine = engineOn(pooled);
    expect(engine.subscribe).toBeUndefined();
    const ada = await databaseAccounts(direct.prisma).create();
    const [one, other] = [await store({ clock }, engine, { user: ada }), await store({ clock }, engine, { user: ada })];
    const told = await watch(direct, [one]);
    const polled = await watch(pooled, [other], {});
    await engine.destroy(one.handle);
    await said(told[0], { kind: 'ended', reason: 'SESSION_ENDED' });
    await engineOn(direct).destroy(other.handle);
    await said(polled[0], { kind: 'ended', reason: 'SESSION_ENDED' });
  });
});

async function twoConnections(): Promise<[Database, Database]> {
  const here = await temporaryDatabase({ on: POSTGRESQL });
  return [here, await temporaryDatabase({ on: POSTGRESQL, url: here.url, migrated: false })];
}

/** Watches sessions, and waits until no change can be missed. */
async function watch(database: Database, sessions: readonly { handle: string }[], timing: object = NEVER_POLLS): Promise<LiveEvent[][]> {
  const engine = engineOn(database);
  let isConnected = false;
  const feed = createSessionFeed({
    engine: {
      peek: engine.peek,
      ...(engine.subscribe && {
        subscribe: (listener) =>
          engine.subscribe!({
            ...listener,
            onConnected(value) {
              isConnected = value;
              listener.onConnected(value);
            },
          }),
      }),
    },
    now: clock.now,
    timing,
  });
  onTestFinished(() => feed.close());
  const seen = sessions.map(({ handle }) => {
    const events: LiveEvent[] = [];
    feed.watch(handle, (event) => void events.push(event));
    return events;
  });
  await vi.waitFor(() => {
    expect(seen.every(([first]) => first?.kind === 'ready')).toBe(true);
    if (engine.subscribe) expect(isConnected).toBe(true);
  }, WITHIN);
  return seen;
}

const said = (events: LiveEvent[] | undefined, event: Partial<LiveEvent>): Promise<void> =>
  vi.waitFor(() => expect(events).toContainEqual(expect.objectContaining(event)), WITHIN);
