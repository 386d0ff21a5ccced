/** Everything that rows contain, to look for a text in it. JSON has no bigints. */
export const textOfRows = (rows: unknown): string =>
  JSON.stringify(rows, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
