import { ReservedKeyError, UnstorableValueError } from './errors.ts';
import { plainCopy } from './plain-value.ts';
import type { Json, StoredData } from './session-record.ts';

/** A key's value as JSON text: what two values are compared by. */
export type Serialized = ReadonlyMap<string, string>;

/** What a session object's keys mean. */
export interface KeyRules {
  /** Not data: neither stored nor compared. */
  readonly own: ReadonlySet<string>;
  /** Refused as data. */
  readonly reserved: ReadonlySet<string>;
  /** Stored as JSON.stringify has it, unchecked: not the application's. Default: none. */
  readonly unchecked?: ReadonlySet<string>;
  /** Dates under this key pass. */
  readonly keepsDates: (key: string) => boolean;
}

/**
 * The own keys of a session as JSON text; `undefined` values are keys that are not there.
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

/** undefined has no JSON, which the types do not say. */
const json: (value: unknown) => string | undefined = JSON.stringify;

function serializeKey(session: Record<string, unknown>, key: string, { unchecked, keepsDates }: KeyRules): string | undefined {
  try {
    const value = session[key];
    // Most values; nothing about them needs to be looked at.
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
