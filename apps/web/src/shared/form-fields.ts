/*
 * The values of a form, in which a group of fields is an object: `{ name: '', attributes: { floor: '' } }`. A field has the path that the
 * server uses in its messages: `attributes.floor`.
 */

type Group = Readonly<Record<string, unknown>>;

export const isGroup = (value: unknown): value is Group => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The paths of all fields, in their order. */
export const fieldPaths = (values: Group): string[] =>
  Object.entries(values).flatMap(([name, value]) => (isGroup(value) ? fieldPaths(value).map((path) => `${name}.${path}`) : [name]));

/**
 * The values of a form after those that it began with have changed from `before` to `after`: fields that still have the value from before
 * follow, and what was typed into the others stays.
 */
export function rebase<Values extends Group>(values: Values, before: Group, after: Values): Values {
  const entries = Object.entries(after).map(([name, next]) => {
    const [value, old] = [values[name], before[name]];
    if (isGroup(next)) return [name, rebase(isGroup(value) ? value : next, isGroup(old) ? old : next, next)];
    return [name, !(name in values) || value === old ? next : value];
  });
  return Object.fromEntries(entries) as Values;
}
