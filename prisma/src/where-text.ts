/**
 * Checks a string for use in `where`. Prisma ignores undefined conditions, so `deleteMany({ where: { id: undefined } })` deletes every row,
 * and it treats objects as operators. The types forbid both, but JavaScript callers are not checked.
 * https://www.prisma.io/docs/orm/prisma-client/special-fields-and-types/null-and-undefined
 */
export function whereText(value: string): string {
  if (typeof value !== 'string' || value === '')
    throw new TypeError(`A query needs a non-empty string here, not ${value === '' ? 'an empty one' : typeof value}.`);
  return value;
}
