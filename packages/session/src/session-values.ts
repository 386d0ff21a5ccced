import { ReservedKeyError, UnstorableValueError } from './errors.ts';
import type { Json, StoredData } from './session-record.ts';

/** A key's value as JSON text: what two values are compared by. */
export type Serialized = ReadonlyMap<string, string>;

/** What a session object's keys mean. */
export interface KeyRules {
  /** Not data: neither stored nor compared. */
  readonly own: ReadonlySet<string>;
  /** Refused as data. */
  readonly reserved: ReadonlySet<string>;
}

/**
 * The own keys of a session as JSON text; `undefined` values are keys that are not there.
 * Refuses what would come back as something else: functions, symbols, BigInt, cycles, Map and Set, NaN.
 */
export function serializeKeys(session: object, { own, reserved }: KeyRules): Serialized {
  const serialized = new Map<string, string>();
  for (const [key, value] of Object.entries(session) as [string, unknown][]) {
    if (value === undefined || own.has(key)) continue;
    if (reserved.has(key)) throw new ReservedKeyError(key);
    assertStorable(value, key, []);
    const text = JSON.stringify(value) as string | undefined;
    if (text !== undefined) serialized.set(key, text);
  }
  return serialized;
}

function assertStorable(value: unknown, path: string, ancestors: readonly object[]): void {
  if (typeof value === 'function' || typeof value === 'symbol' || typeof value === 'bigint')
    throw new UnstorableValueError(path, `a ${typeof value}`);
  if (typeof value === 'number' && !Number.isFinite(value)) throw new UnstorableValueError(path, String(value));
  if (typeof value !== 'object' || value === null) return;
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) throw new UnstorableValueError(path, 'an invalid date');
    return;
  }
  const lossy = LOSSY.find((type) => value instanceof type);
  if (lossy) throw new UnstorableValueError(path, `a ${lossy.name}`);
  // It says itself what it is in JSON.
  if ('toJSON' in value && typeof value.toJSON === 'function') return;
  if (ancestors.includes(value)) throw new UnstorableValueError(path, 'a cycle');
  const line = [...ancestors, value];
  if (line.length > MAX_DEPTH) throw new UnstorableValueError(path, `more than ${MAX_DEPTH} levels`);
  for (const [key, inner] of Object.entries(value)) assertStorable(inner, `${path}.${key}`, line);
}

/** Objects of which JSON would keep nothing, or something else. */
const LOSSY: readonly (new (...args: never[]) => object)[] = [
  Map,
  Set,
  WeakMap,
  WeakSet,
  Promise,
  RegExp,
  Error,
  ArrayBuffer,
  Object.getPrototypeOf(Uint8Array) as typeof Uint8Array,
];

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

export const toStoredData = (serialized: Serialized): StoredData =>
  Object.fromEntries([...serialized].map(([key, text]) => [key, JSON.parse(text) as Json]));
