import { expect, test } from 'vitest';
import type { Json } from '../engine-port.ts';
import { withExpiry } from '../policy.ts';
import { expiryFrom } from '../requested-expiry.ts';
import { LIFETIMES, type EngineFixture } from './engine-fixture.ts';
import { loadOf, store } from './records.ts';

/** Unusual texts that databases are known to cut, fold, trim or refuse. */
const TEXTS = [
  '',
  ' ',
  'a ',
  '\0',
  'a\0b',
  '\ud800',
  'x\udfffy',
  '😀',
  'ä',
  'a\u0308',
  '\u2028',
  '\\u0000',
  "'; --",
  '\u007f\u0080',
  '\ufeff',
  '\uffff',
];

const VALUES: Readonly<Record<string, Json>> = {
  texts: TEXTS,
  keys: Object.fromEntries([...TEXTS, '__proto__', 'constructor', 'k'.repeat(10_000)].map((text, index) => [text, index])),
  alike: { key: 1, KEY: 2, 'key ': 3, ' key': 4 },
  numbers: [0, -1, 0.1, 5e-324, Number.MAX_VALUE, Number.MAX_SAFE_INTEGER, 1e21, -1e-7],
  plain: [null, true, false, [], {}, [[{ a: [] }]]],
  deep: Array.from({ length: 90 }).reduce<Json>((inner) => ({ inner }), {}),
  long: 'ä😀'.repeat(20_000),
};

/** Seconds or dates for `setExpiry`, and whether they are in the future. */
const FAR_ENDS: readonly [number | Date, isLive: boolean][] = [
  [2_147_483_647, true],
  [new Date('9999-12-31T23:59:59Z'), true],
  [new Date('+010000-01-01T00:00:00Z'), true],
  [new Date(8.64e15), true],
  [new Date(0), false],
  [new Date(-1), false],
  [new Date('0999-01-01T00:00:00Z'), false],
  [new Date('-000001-01-01T00:00:00Z'), false],
  [new Date(-8.64e15), false],
];

/** Stored values are read back unchanged on every storage, including expiries. */
export function valuesConformance(fixture: () => EngineFixture): void {
  test('semantics 4: create and update store unusual values and keys unchanged', async () => {
    const [engine, other] = [await fixture().open(), await fixture().open()];
    const record = await store(fixture(), engine, { data: VALUES });
    expect((await other.find(record.handle))?.record.data).toStrictEqual(VALUES);
    const data = { first: 1, ...VALUES };
    expect(await other.update(record.handle, { expectedVersion: 1, data, timestamps: record })).toMatchObject({ status: 'updated' });
    expect((await engine.find(record.handle))?.record.data).toStrictEqual(data);
  });

  test('semantics 17: an expiry far away has the same result on every storage: the absolute age, or expired at once', async () => {
    const [engine, other] = [await fixture().open(), await fixture().open()];
    for (const [value, isLive] of FAR_ENDS) {
      const expiry = expiryFrom(value);
      const created = await store(fixture(), engine, expiry);
      const updated = await store(fixture(), engine);
      const timestamps = withExpiry({ ...updated, ...expiry }, LIFETIMES);
      expect(await engine.update(updated.handle, { expectedVersion: 1, timestamps })).toMatchObject({ status: 'updated' });
      for (const record of [created, updated]) {
        expect({ value, isLive: (await loadOf(other, record)).status === 'live' }).toEqual({ value, isLive });
        if (!isLive) continue;
        const found = await other.find(record.handle);
        expect(found?.record).toMatchObject({ ...expiry, expiresAtMs: fixture().clock.now() + LIFETIMES.absoluteAgeMs });
        const again = { expectedVersion: found?.record.version ?? 0, data: { step: 2 }, timestamps: found?.record ?? record };
        expect(await other.update(record.handle, again)).toMatchObject({ status: 'updated' });
        expect(await engine.find(record.handle)).toMatchObject({ record: { ...expiry, data: { step: 2 } } });
      }
    }
    expect(fixture().corruptions).toEqual([]);
  });
}
