import { ReservedKeyError, UnstorableValueError } from './errors.ts';
import { plainCopy } from './plain-value.ts';
import type { Json, StoredData } from './session-record.ts';

/** Values of keys as JSON text, for comparison. */
export type Serialized = ReadonlyMap<string, string>;

/** How to treat a session object's keys. */
export interface KeyRules {
  /** Not data: not stored and not compared. */
  readonly own: ReadonlySet<string>;
  /** Refused as data. */
  readonly reserved: ReadonlySet<string>;
  /** Not the application's data: stored as JSON.stringify writes it, without checks. Default: none. */
  readonly unchecked?: ReadonlySet<string>;
  /** Whether dates are allowed under this key. */
  readonly keepsDates: (key: string) => boolean;
}

/**
 * The session's own keys as JSON text. Keys with the value `undefined` are left out.
 * @throws UnstorableValueError, ReservedKeyError
 */
export function serializeKeys(session: object, rules: KeyRules): Serialized {
  const serialized = new Map<string, string>();
  for (const key of Object.keys(session)) {
    if (rules.own.has(key)) continue;
    if (rules.reserved.has(key)) throw new ReservedKeyError(key);
    const text = serializeKey(session as Record<string, unknown>, key, rules);
    if (text !== undefined) serialized.set(key, text);
  }
  return serialized;
}

/** Returns undefined for undefined, which its type does not say. */
const json: (value: unknown) => string | undefined = JSON.stringify;

function serializeKey(session: Record<string, unknown>, key: string, { unchecked, keepsDates }: KeyRules): string | undefined {
  try {
    const value = session[key];
    // Fast path for most values.
    if (typeof value === 'string' || typeof value === 'boolean' || value === undefined) return json(value);
    return json(unchecked?.has(key) ? value : plainCopy(value, { key, keepsDates: keepsDates(key) }));
  } catch (error) {
    if (error instanceof UnstorableValueError) throw error;
    throw new UnstorableValueError(key, 'a value that JSON cannot hold', { cause: error });
  }
}

export interface Changes {
  readonly set: ReadonlyMap<string, string>;
  readonly deleted: ReadonlySet<string>;
}

/** The changes between two states; undefined if there are none. */
export function changesBetween(before: Serialized, after: Serialized): Changes | undefined {
  const set = new Map<string, string>();
  for (const [key, text] of after) if (before.get(key) !== text) set.set(key, text);
  const deleted = new Set<string>();
  for (const key of before.keys()) if (!after.has(key)) deleted.add(key);
  return set.size + deleted.size > 0 ? { set, deleted } : undefined;
}

/**
 * Applies the changed keys to the currently stored data. Other requests' keys stay; a key that both changed gets our
 * whole value.
 */
export function applyChanges(data: StoredData, changes: Changes): StoredData {
  const merged = new Map(Object.entries(data));
  for (const key of changes.deleted) merged.delete(key);
  for (const [key, text] of changes.set) merged.set(key, JSON.parse(text) as Json);
  return Object.fromEntries(merged);
}

export const toStoredData = (serialized: Serialized): StoredData =>
  Object.fromEntries([...serialized].map(([key, text]) => [key, JSON.parse(text) as Json]));
