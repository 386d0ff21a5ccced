import { ReservedKeyError, UnstorableValueError } from './errors.ts';
import type { Json, StoredData } from './session-record.ts';

/** Names that express-session's Session object or JavaScript keep for themselves. */
const RESERVED = new Set(['id', 'req', 'touch', 'resetMaxAge', 'save', 'reload', 'destroy', 'regenerate', '__proto__', 'constructor', 'prototype']);

/** A key's value as JSON text: what two values are compared by. */
export type Serialized = ReadonlyMap<string, string>;

/**
 * The own keys of a session as JSON text; `undefined` values are keys that are not there.
 * Refuses what would come back as something else: functions, symbols, BigInt, cycles, Map and Set, NaN.
 */
export function serializeKeys(session: object, skip: (key: string) => boolean): Serialized {
  const serialized = new Map<string, string>();
  for (const [key, value] of Object.entries(session) as [string, unknown][]) {
    if (value === undefined || skip(key)) continue;
    if (RESERVED.has(key)) throw new ReservedKeyError(key);
    assertStorable(value, key, []);
    serialized.set(key, JSON.stringify(value));
  }
  return serialized;
}

function assertStorable(value: unknown, path: string, ancestors: object[]): void {
  if (typeof value === 'function' || typeof value === 'symbol' || typeof value === 'bigint') throw new UnstorableValueError(path, `a ${typeof value}`);
  if (typeof value === 'number' && !Number.isFinite(value)) throw new UnstorableValueError(path, String(value));
  if (typeof value !== 'object' || value === null) return;
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) throw new UnstorableValueError(path, 'an invalid date');
    return;
  }
  if (value instanceof Map || value instanceof Set || value instanceof WeakMap || value instanceof WeakSet || value instanceof Promise)
    throw new UnstorableValueError(path, `a ${value.constructor.name}`);
  if (ancestors.includes(value)) throw new UnstorableValueError(path, 'a cycle');
  const line = [...ancestors, value];
  if (line.length > MAX_DEPTH) throw new UnstorableValueError(path, `more than ${MAX_DEPTH} levels`);
  for (const [key, inner] of Object.entries(value)) assertStorable(inner, `${path}.${key}`, line);
}

/** Deeper than any honest session, and far from the stack's end. */
const MAX_DEPTH = 100;

export interface Changes {
  readonly set: ReadonlyMap<string, string>;
  readonly deleted: ReadonlySet<string>;
}

/** What became of the keys between two states; undefined if nothing. */
export function changesBetween(before: Serialized, after: Serialized): Changes | undefined {
  const set = new Map<string, string>();
  for (const [key, text] of after) if (before.get(key) !== text) set.set(key, text);
  const deleted = new Set<string>();
  for (const key of before.keys()) if (!after.has(key)) deleted.add(key);
  return set.size + deleted.size > 0 ? { set, deleted } : undefined;
}

/** The changed keys over whatever is stored by now: other requests' keys stay, a key changed by both is ours, whole. */
export function applyChanges(data: StoredData, changes: Changes): StoredData {
  const merged = new Map(Object.entries(data));
  for (const key of changes.deleted) merged.delete(key);
  for (const [key, text] of changes.set) merged.set(key, JSON.parse(text) as Json);
  return Object.fromEntries(merged);
}

export const toStoredData = (serialized: Serialized): StoredData => Object.fromEntries([...serialized].map(([key, text]) => [key, JSON.parse(text) as Json]));
