import { expect, test } from 'vitest';
import type { StoredData } from '../engine-port.ts';
import type { EngineFixture } from './engine-fixture.ts';
import { isStorageUnavailable } from '../storage-unavailable.ts';
import { loadOf, newRecord, store } from './records.ts';

/** The largest SESSION_MAX_SIZE. */
const MAX_DATA_BYTES = 4_194_304;

/** Texts that some database refuses or changes unless they are stored with care. */
const AWKWARD: StoredData = {
  'nul\0': 'a\0b',
  surrogates: ['\ud800', 'a\udc00', '\ud83d\ude00'],
  quotes: `'"\\ \r\n\t $1 ? :name {{`,
  spaces: '  kept  ',
  empty: '',
  '': 'an empty key',
  deep: [{ a: [null, true, -0.5, 1e300] }],
};

/** Ids that no session and no user can have. */
const IMPOSSIBLE = ['a\0b', '\0', '\ud800', 'x'.repeat(10_000), "' OR 1=1 --", '*', ' ', 'ses_a b'];

/**
 * Stored data is read back unchanged on every storage. Impossible ids are not found, without an error and above all
 * without an outage.
 */
export function dataConformance(fixture: () => EngineFixture): void {
  test('create and update store any text unchanged', async () => {
    const engine = await fixture().open();
    const record = await store(fixture(), engine, { data: AWKWARD });
    expect(await loadOf(engine, record)).toMatchObject({ status: 'live', record: { data: AWKWARD } });
    const data = { ...AWKWARD, more: 'é'.repeat(10) };
    expect(await engine.update(record.handle, { expectedVersion: 1, data, timestamps: record })).toMatchObject({ status: 'updated' });
    expect(await loadOf(engine, record)).toMatchObject({ status: 'live', record: { data } });
  });

  test('the largest allowed session is stored and read back', async () => {
    const engine = await fixture().open();
    // Of characters that take more bytes on the wire than in memory.
    const text = '"\\\u20ac'.repeat(MAX_DATA_BYTES / 8);
    const data = { text: text.slice(0, Math.floor(MAX_DATA_BYTES / (Buffer.byteLength(JSON.stringify(text)) / text.length)) - 20) };
    const record = await store(fixture(), engine, { data });
    const loaded = await loadOf(engine, record);
    expect(loaded.status === 'live' && loaded.record.data['text'] === data.text).toBe(true);
    expect(await engine.update(record.handle, { expectedVersion: 1, data, timestamps: record })).toMatchObject({ status: 'updated' });
  });

  test('an impossible handle or user id is not found, without an error', async () => {
    const engine = await fixture().open();
    const record = await store(fixture(), engine, { user: await fixture().accounts.create() });
    for (const name of IMPOSSIBLE) {
      expect(await engine.load(name, { secretHash: record.secretHash })).toEqual({ status: 'absent' });
      expect(await engine.load(record.handle, { secretHash: name })).toEqual({ status: 'absent' });
      expect(await engine.find(name)).toBeUndefined();
      expect((await engine.listByUser(name)).sessions).toEqual([]);
      expect(await engine.destroyByUser(name)).toBe(0);
      expect(await engine.destroy(name)).toBe(false);
      expect(await engine.destroy(record.handle, { ofUser: name })).toBe(false);
      expect(await engine.claim(name, { successor: record.handle, expectedVersion: 1 })).toEqual({ status: 'gone' });
    }
    expect(await loadOf(engine, record)).toMatchObject({ status: 'live' });
  });

  test('a duplicate handle is an error of the call, not an outage, and overwrites nothing', async () => {
    const engine = await fixture().open();
    const record = await store(fixture(), engine, { data: { kept: true } });
    const taken: unknown = await engine
      .create({ ...(await newRecord(fixture(), engine)), handle: record.handle })
      .catch((error: unknown) => error);
    expect(taken).toBeInstanceOf(Error);
    expect(isStorageUnavailable(taken)).toBe(false);
    expect(await loadOf(engine, record)).toMatchObject({ status: 'live', record });
  });
}
