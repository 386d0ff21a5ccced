/** The server words several problems a field; a form shows the first of each. */
export const firstOfEach = (fields: Record<string, string[]>): Record<string, string> =>
  Object.fromEntries(Object.entries(fields).flatMap(([field, [first]]) => (first === undefined ? [] : [[field, first]])));
