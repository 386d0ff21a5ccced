import { isDeepStrictEqual } from 'node:util';
import { UnstorableValueError } from './errors.ts';
import { plainCopy } from './plain-value.ts';
import type { Json, StoredData } from './session-record.ts';

/**
 * The part of a zod object schema that reviving needs; any validator with the same shape will do.
 */
export interface DataSchema {
  readonly shape: Readonly<Record<string, { safeParse(value: unknown): { success: true; data: unknown } | { success: false } }>>;
}

/**
 * Stored JSON with its types back: dates are dates again for the keys that the schema declares.
 * A declared key that no longer fits its schema is left out, as one that was never set: a deployment that
 * changes a key's shape signs nobody out. Undeclared keys are plain JSON.
 */
export function reviveData(data: StoredData, schema: DataSchema): Record<string, unknown> {
  const revived: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(data)) {
    // Assigned, it would be a prototype.
    if (key === '__proto__') continue;
    const declared = Object.hasOwn(schema.shape, key) ? schema.shape[key] : undefined;
    // Each session object has a copy of its own; only what can be changed in place needs one.
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
 * What is stored under a declared key must pass its schema when it is loaded, and come back equal: else it would be left out then, or be
 * something else, without a word. @throws UnstorableValueError
 */
export function assertRevivable(session: object, keys: Iterable<string>, { shape }: DataSchema): void {
  for (const key of keys) {
    const declared = Object.hasOwn(shape, key) ? shape[key] : undefined;
    if (!declared) continue;
    const value = plainCopy((session as Record<string, unknown>)[key], { key, keepsDates: true });
    const parsed = declared.safeParse(JSON.parse(JSON.stringify(value)) as Json);
    if (!parsed.success)
      throw new UnstorableValueError(key, 'a value that the session schema refuses', { hint: 'Store what it declares, or change it.' });
    if (!isDeepStrictEqual(plainCopy(parsed.data, { key, keepsDates: true }), value))
      throw new UnstorableValueError(key, 'a value that the session schema would change', {
        hint: 'Store what it gives back, or change the schema.',
      });
  }
}
