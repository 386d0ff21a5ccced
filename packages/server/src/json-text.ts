/**
 * The same text as `JSON.stringify(value)`, in less time: for a Date, that takes twice as long as `toISOString`. A response of `auth.me` has
 * six dates.
 */
export const jsonText = (value: object): string => JSON.stringify(withTextDates(value));

/** Replaces the dates of plain objects and arrays. Copies only those that contain one. */
function withTextDates(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Date.prototype) return dateText(value as Date);
  if ((prototype !== Object.prototype && !Array.isArray(value)) || 'toJSON' in value) return value;
  let copy: Record<string, unknown> | undefined;
  for (const key of Object.keys(value)) {
    const given = (value as Record<string, unknown>)[key];
    const text = withTextDates(given);
    if (text === given || key === '__proto__') continue;
    copy ??= (Array.isArray(value) ? [...(value as unknown[])] : { ...value }) as Record<string, unknown>;
    copy[key] = text;
  }
  return copy ?? value;
}

/** A date without a time is `null` in JSON. */
const dateText = (date: Date): string | null => (Number.isNaN(date.getTime()) ? null : date.toISOString());
