/** The server may return several messages per field. Forms show the first one. */
export const firstMessages = (fields: Record<string, string[]>): Record<string, string> =>
  Object.fromEntries(Object.entries(fields).flatMap(([field, [first]]) => (first === undefined ? [] : [[field, first]])));
