import { expect, test } from 'vitest';
import type { StoredSession } from '../../session-record.ts';
import { newHandle, shardTagOf } from '../../session-id.ts';
import { slotOf } from '../redis/keys.ts';
import { createSessionCache } from './session-cache.ts';

const PREFIX = 'app:';
const first = newHandle();
/** Of the same user. */
const second = newHandle(shardTagOf(first));
const other = newHandle();

const sessionOf = (handle: string): StoredSession =>
  ({ record: { handle, data: { cart: { items: [1] } } }, user: null }) as unknown as StoredSession;

function cacheWith(handles: readonly string[], maxSessions = 10) {
  const cache = createSessionCache({ prefix: PREFIX, maxSessions });
  function put(handle: string): void {
    const read = cache.beginRead(handle);
    read.store(sessionOf(handle));
    read.end();
  }
  handles.forEach(put);
  const held = (): string[] => [first, second, other].filter((handle) => cache.get(handle));
  return { cache, put, held };
}

const recordKey = (handle: string): string => slotOf(PREFIX, handle).record(handle);

test('a changed session is dropped, and a changed user drops all sessions of that user', () => {
  const { cache, put, held } = cacheWith([first, second, other]);
  cache.invalidate(recordKey(first));
  expect(held()).toEqual([second, other]);
  put(first);
  cache.invalidate(slotOf(PREFIX, first).user);
  expect(held()).toEqual([other]);
  expect(cache.size).toBe(1);
});

test('changes of other keys drop nothing', () => {
  const { cache, held } = cacheWith([first, second, other]);
  const slot = slotOf(PREFIX, first);
  for (const key of [slot.byExpiry, slot.byActivity, slot.ended(first), slot.unadoptable('user'), 'user', 's:', `another:${slot.user}`, ''])
    cache.invalidate(key);
  expect(held()).toEqual([first, second, other]);
});

test.each([
  ['its key', (key: string) => [key]],
  ['the user', () => [slotOf(PREFIX, first).user]],
  ['everything', () => []],
])('a session is not stored if Redis told of a change of %s while it was read', (_name, changed) => {
  const { cache, held } = cacheWith([other]);
  const read = cache.beginRead(first);
  const keys = changed(recordKey(first));
  keys.forEach(cache.invalidate);
  if (keys.length === 0) cache.clear();
  // A read that begins afterwards is of what is there now.
  const later = cache.beginRead(first);
  read.store(sessionOf(first));
  read.end();
  expect(held()).not.toContain(first);
  later.store(sessionOf(first));
  later.end();
  expect(held()).toContain(first);
});

test('beyond the maximum the least recently used sessions are dropped', () => {
  const { cache, put, held } = cacheWith([first, second], 2);
  cache.get(first);
  put(other);
  expect(held()).toEqual([first, other]);
  expect(cache.size).toBe(2);
});

test('no request can change what another one gets', () => {
  const { cache } = cacheWith([first]);
  const cart = cache.get(first)?.record.data['cart'] as { items: number[] };
  expect(() => cart.items.push(2)).toThrow(TypeError);
});
