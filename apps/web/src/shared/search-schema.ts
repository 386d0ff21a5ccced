/*
 * Readers of search parameters. Without zod, because the router needs them on every page. Each ignores a value that is not valid, for
 * example from a link of a later version, and is undefined by default, so that defaults do not appear in the URL.
 */

/** Reads the value of one search parameter, which the router has parsed. */
export type SearchReader<Value> = (value: unknown) => Value | undefined;

/** The search parameters of a page: `{ q: searchText(), role: searchChoice(['user', 'admin']) }`. */
export type SearchSchema = Readonly<Record<string, SearchReader<unknown>>>;

/** What `readSearch` returns for a schema. */
export type SearchOf<Schema extends SearchSchema> = { [Name in keyof Schema]?: ReturnType<Schema[Name]> };

/** Any text up to a length. */
export const searchText =
  (maxLength = 100): SearchReader<string> =>
  (value) =>
    typeof value === 'string' && value.length <= maxLength ? value : undefined;

/** One of some values: `searchChoice(['user', 'admin'])`. */
export const searchChoice =
  <const Value extends string>(values: readonly Value[]): SearchReader<Value> =>
  (value) =>
    values.find((choice) => choice === value);

/** Several of some values, also if there is only one. */
export function searchChoices<const Value extends string>(values: readonly Value[]): SearchReader<Value[]> {
  const readOne = searchChoice(values);
  return (value) => {
    const read = (Array.isArray(value) ? value : [value]).map(readOne);
    return read.every((choice) => choice !== undefined) ? read : undefined;
  };
}

/** A whole number of at least `min`. */
export const searchNumber =
  (min: number): SearchReader<number> =>
  (value) => {
    const number = typeof value === 'string' && value !== '' ? Number(value) : value;
    return typeof number === 'number' && Number.isInteger(number) && number >= min && number <= 1_000_000 ? number : undefined;
  };

/** The function for `validateSearch` of a route. Parameters that are not in the schema are dropped. */
export const readSearch =
  <Schema extends SearchSchema>(schema: Schema) =>
  (search: Record<string, unknown>): SearchOf<Schema> => {
    const read: Record<string, unknown> = {};
    for (const [name, reader] of Object.entries(schema)) {
      const value = reader(search[name]);
      if (value !== undefined) read[name] = value;
    }
    return read as SearchOf<Schema>;
  };
