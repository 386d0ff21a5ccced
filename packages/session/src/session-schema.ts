import { isDeepStrictEqual } from 'node:util';
import { UnstorableValueError } from './errors.ts';
import { plainCopy } from './plain-value.ts';
import type { Json, StoredData } from './session-record.ts';

/** The part of a zod object schema that is used here. Any validator of the same shape works. */
export interface DataSchema {
  readonly shape: Readonly<Record<string, { safeParse(value: unknown): { success: true; data: unknown } | { success: false } }>>;
}

/**
 * Restores the types of stored JSON: keys that the schema declares as dates become dates. A declared key that no longer
 * fits its schema is left out as if it was never set, so a deployment that changes a key's shape signs nobody out.
 * Undeclared keys are plain JSON.
 */
export function reviveData(data: StoredData, schema: DataSchema): Record<string, unknown> {
  const revived: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(data)) {
    // An assignment would set the prototype.
    if (key === '__proto__') continue;
    const declared = Object.hasOwn(schema.shape, key) ? schema.shape[key] : undefined;
    // Session objects must not share values that can be changed in place.
    const own = typeof value === 'object' ? structuredClone(value) : value;
    if (!declared) {
      revived[key] = own;
      continue;
    }
    const parsed = declared.safeParse(own);
    if (parsed.success) revived[key] = parsed.data;
  }
  return revived;
}

/**
 * A value of a declared key must pass its schema when it is loaded, and be read back equal. Otherwise it would silently be
 * dropped or changed. @throws UnstorableValueError
 */
export function assertRevivable(session: object, keys: Iterable<string>, { shape }: DataSchema): void {
  for (const key of keys) {
    const declared = Object.hasOwn(shape, key) ? shape[key] : undefined;
    if (!declared) continue;
    const value = plainCopy((session as Record<string, unknown>)[key], { key, keepsDates: true });
    const parsed = declared.safeParse(JSON.parse(JSON.stringify(value)) as Json);
    if (!parsed.success)
      throw new UnstorableValueError(key, 'a value that the session schema refuses', {
        hint: 'Store a valid value, or change the schema.',
      });
    if (!isDeepStrictEqual(plainCopy(parsed.data, { key, keepsDates: true }), value))
      throw new UnstorableValueError(key, 'a value that the session schema would change', {
        hint: 'Store the parsed value, or change the schema.',
      });
  }
}
