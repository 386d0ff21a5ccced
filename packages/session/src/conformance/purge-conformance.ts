import { expect, test } from 'vitest';
import type { Engine } from '../engine-port.ts';
import { PURGE_LEASE_MS, purgeAll, purgeWithLease } from '../purge.ts';
import type { EngineFixture } from './engine-fixture.ts';
import { loadOf, store, storeMany } from './records.ts';

const INTERVAL_MS = 3_600_000;

/** The purge, which one server does at a time. */
export function purgeConformance(fixture: () => EngineFixture): void {
  const turn = (engine: Pick<Engine, 'lease' | 'purgeExpired'>) =>
    purgeWithLease(engine, { intervalMs: INTERVAL_MS, now: fixture().clock.now, batch: 5 });

  /** Stores this many expired sessions. */
  async function storeExpired(engine: Engine, count: number): Promise<void> {
    await storeMany(fixture(), engine, count, { customAgeSeconds: 1 });
    fixture().clock.advance(1000);
  }

  test('semantics 37: of servers that purge at the same moment one does it, and none again within the interval', async () => {
    const engines = [await fixture().open(), await fixture().open(), await fixture().open()] as const;
    const live = await store(fixture(), engines[0]);
    for (let round = 0; round < 3; round += 1) {
      await storeExpired(engines[0], 12);
      const outcomes = await Promise.all(engines.map(turn));
      expect(outcomes.toSorted((one, other) => one.status.localeCompare(other.status))).toEqual([
        { status: 'elsewhere' },
        { status: 'elsewhere' },
        { status: 'purged', removed: 12 },
      ]);
      fixture().clock.advance(INTERVAL_MS - 1);
      expect(await Promise.all(engines.map(turn))).toEqual(engines.map(() => ({ status: 'elsewhere' })));
      fixture().clock.advance(1);
    }
    expect(await loadOf(engines[1], live)).toMatchObject({ status: 'live' });
  });

  test('security 41: the lease of a killed server goes to another once it has expired', async () => {
    const [killed, other] = [await fixture().open(), await fixture().open()];
    await storeExpired(killed, 12);
    await killed.lease({ name: 'purge', owner: 'killed in the middle', forMs: PURGE_LEASE_MS });
    fixture().clock.advance(PURGE_LEASE_MS - 1);
    expect(await turn(other)).toEqual({ status: 'elsewhere' });
    fixture().clock.advance(1);
    expect(await turn(other)).toEqual({ status: 'purged', removed: 12 });
  });

  test('a purge that outlasts its lease renews it, and one that lost it stops', async () => {
    const [engine, other] = [await fixture().open(), await fixture().open()];
    await storeExpired(engine, 20);
    const slow = (each: number): Pick<Engine, 'lease' | 'purgeExpired'> => ({
      lease: (request) => engine.lease(request),
      async purgeExpired(batch) {
        fixture().clock.advance(each);
        expect(await turn(other)).toMatchObject({ status: each < PURGE_LEASE_MS ? 'elsewhere' : 'purged' });
        return engine.purgeExpired(batch);
      },
    });
    expect(await turn(slow(PURGE_LEASE_MS - 1))).toEqual({ status: 'purged', removed: 20 });
    fixture().clock.advance(INTERVAL_MS);
    await storeExpired(engine, 20);
    const late = slow(PURGE_LEASE_MS);
    expect(await turn({ ...late, purgeExpired: async (batch) => late.purgeExpired(batch).then(() => batch) })).toEqual({
      status: 'broken off',
      removed: 5,
    });
  });

  test('an aborted purge releases its lease', async () => {
    const [engine, other] = [await fixture().open(), await fixture().open()];
    await storeExpired(engine, 20);
    const stop = new AbortController();
    const stopping = { ...engine, purgeExpired: (batch: number) => engine.purgeExpired(batch).finally(() => stop.abort()) };
    const options = { intervalMs: INTERVAL_MS, now: fixture().clock.now, batch: 5, signal: stop.signal };
    expect(await purgeWithLease(stopping, options)).toEqual({ status: 'broken off', removed: 5 });
    expect(await turn(other)).toEqual({ status: 'purged', removed: 15 });
  });

  test('semantics 37: a purge without the lease works, and does not block others', async () => {
    const [engine, other] = [await fixture().open(), await fixture().open()];
    await storeExpired(engine, 30);
    await engine.lease({ name: 'purge', owner: 'a server', forMs: PURGE_LEASE_MS });
    const [one, two] = await Promise.all([purgeAll(engine, { batch: 5 }), purgeAll(other, { batch: 5 })]);
    expect(one.removed + two.removed).toBe(30);
  });

  test('semantics 37: a batch costs the same however much else is stored', async () => {
    const engine = await fixture().open();
    const batch = () => fixture().count(() => engine.purgeExpired(10));
    await storeExpired(engine, 11);
    const alone = await batch();
    await engine.purgeExpired(10);
    await storeMany(fixture(), engine, 50);
    await storeExpired(engine, 50);
    expect(await batch()).toEqual(alone);
    // One step that finds the batch, and at most one for each session in it.
    expect(alone.requests).toBeLessThanOrEqual(11);
  });

  test('a lease belongs to one owner until it expires or is released', async () => {
    const [engine, other] = [await fixture().open(), await fixture().open()];
    const ask = (by: Engine, owner: string, forMs = 1000) => by.lease({ name: 'work', owner, forMs });
    const many = await Promise.all(Array.from({ length: 10 }, (_, index) => ask(index % 2 ? engine : other, `owner-${index}`)));
    expect(many.filter(Boolean)).toHaveLength(1);
    const owner = `owner-${many.indexOf(true)}`;
    expect(await ask(other, owner)).toBe(true);
    fixture().clock.advance(999);
    expect(await ask(engine, 'late')).toBe(false);
    expect(await engine.lease({ name: 'other work', owner: 'late', forMs: 1000 })).toBe(true);
    fixture().clock.advance(1);
    expect(await ask(engine, 'late')).toBe(true);
    expect(await ask(other, owner)).toBe(false);
    expect(await ask(engine, 'late', 0)).toBe(true);
    expect(await ask(other, owner)).toBe(true);
  });
}
